"""Pages of installations: the list of what I may see, and one of them."""

from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.models import Account, Assurance
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import NotFound
from idp.grants import directory, effective
from idp.grants.blueprint import blueprint
from idp.grants.coverage import grants_on
from idp.grants.directory import Group
from idp.grants.models import Relation
from idp.pages.paging import Paging
from idp.registry import services as registry

SHARED_WITH_SHOWN = 50


@blueprint.get("/installations")
@sign_in_required
def installations() -> ResponseReturnValue:
    """All that I may see, by relation and holder, with search, filter and paging."""
    account, at = current_account(), clock.now()
    typed = request.args.get("q", "")
    everything = directory.groups_of(account.id, at)
    relation = _relation(request.args.get("relation", ""))
    chosen = [group for group in everything if relation in (None, group.relation)]
    found = directory.searched(chosen, typed, at)
    paging = Paging.of_request(sum(group.count for group in found))
    return render_template(
        "grants/installations.html",
        total=sum(group.count for group in everything),
        relations=_relations(everything),
        relation=relation,
        typed=typed,
        paging=paging,
        parts=directory.page_of(found, typed, at=at, offset=paging.offset, limit=paging.per_page),
        must_prove=must_prove(account),
    )


@blueprint.get("/installations/<uuid:public_id>")
@sign_in_required
def installation(public_id: UUID) -> ResponseReturnValue:
    """One installation, why I see it, and (for its holder) who else does."""
    account, at = current_account(), clock.now()
    found = registry.get_installation(str(public_id))
    reasons = effective.reasons(account.id, found.id, at)
    if not reasons:
        raise NotFound
    is_owner = reasons[0].relation is Relation.OWNER
    shared: list[object] = []
    if is_owner:
        shared.extend(grants_on(found, at=at, limit=SHARED_WITH_SHOWN + 1))
    return render_template(
        "grants/installation.html",
        installation=found,
        reasons=reasons,
        is_owner=is_owner,
        shared=shared[:SHARED_WITH_SHOWN],
        has_more=len(shared) > SHARED_WITH_SHOWN,
    )


def must_prove(account: Account) -> bool:
    """Whether own installations stay hidden until the account proves one of them."""
    return account.assurance is Assurance.DECLARED


def _relation(text: str) -> Relation | None:
    return next((each for each in Relation if each.value == text), None)


def _relations(groups: list[Group]) -> dict[Relation, int]:
    """How many installations there are in each relation, for the filter."""
    counts: dict[Relation, int] = {}
    for group in groups:
        counts[group.relation] = counts.get(group.relation, 0) + group.count
    return counts
