"""What was done with grants, for those who may see it."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from idp.extensions import db
from idp.grants.folding import FROM, TO, patterns
from idp.grants.models import Grant
from idp.grants.use_models import Action, GrantUse
from idp.taxids import TaxId

LATEST = 5  # shown on the page of the grant

Uses = Select[GrantUse]


def of_grant(grant: Grant) -> Uses:
    """All that was done with this one."""
    return select(GrantUse).where(GrantUse.grant_id == grant.id)


def of_holders(tax_ids: Collection[TaxId]) -> Uses:
    """All that was done with what these holders gave."""
    return select(GrantUse).where(GrantUse.holder_tax_id.in_(tax_ids))


def narrowed(uses: Uses, *, typed: str, action: Action | None) -> Uses:
    """Those on installations with this code, or a part of it, and of this action (None: any)."""
    code = func.lower(func.translate(GrantUse.installation_code, FROM, TO))
    for word in patterns(typed):
        uses = uses.where(code.like(word))
    return uses if action is None else uses.where(GrantUse.action == action)


def page_of(uses: Uses, *, offset: int = 0, limit: int = LATEST) -> Sequence[GrantUse]:
    """The latest first, each with its grant, the person and the installation."""
    return db.session.scalars(
        uses.options(
            joinedload(GrantUse.grant, innerjoin=True).joinedload(Grant.grantee, innerjoin=True),
            joinedload(GrantUse.installation),
        )
        .order_by(GrantUse.at.desc(), GrantUse.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
