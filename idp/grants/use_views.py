"""Pages of what was done with grants: with one of them, and with all that I gave."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.grants import acting, ledger, use_reading
from idp.grants.blueprint import blueprint
from idp.grants.models import Grant
from idp.grants.use_models import Action
from idp.grants.use_reading import Uses
from idp.pages.paging import Paging


@blueprint.get("/grants/<grant_id>/uses")
@sign_in_required
def uses(grant_id: str) -> ResponseReturnValue:
    """With one grant, by whoever may see it."""
    grant = ledger.get_visible(grant_id, current_account().actor, clock.now())
    return _page(use_reading.of_grant(grant), grant)


@blueprint.get("/grants/uses")
@sign_in_required
def all_uses() -> ResponseReturnValue:
    """With every grant of those in whose name I act."""
    holders = acting.holders_for(current_account(), clock.now())
    return _page(use_reading.of_holders([each.tax_id for each in holders]), None)


def _page(found: Uses, grant: Grant | None) -> ResponseReturnValue:
    """`grant` is None where there are several."""
    typed = request.args.get("q", "")
    action = next((each for each in Action if each.value == request.args.get("action")), None)
    query = use_reading.narrowed(found, typed=typed, action=action)
    paging = Paging.of_request(ledger.count_of(query))
    return render_template(
        "grants/uses.html",
        grant=grant,
        typed=typed,
        action=action,
        actions=Action,
        paging=paging,
        uses=use_reading.page_of(query, offset=paging.offset, limit=paging.per_page),
    )
