"""In whose name a person acts: their own, and that of the companies they represent."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from idp.accounts.models import Account, Assurance
from idp.extensions import db
from idp.grants.models import Grant, Relation, State
from idp.registry.models import Holder
from idp.taxids import TaxId

# Anybody can register somebody else's tax id with an address of their own (ADR 6).
ASSURED = (Assurance.PROVEN, Assurance.VERIFIED)


def holders_for(account: Account, at: datetime) -> list[Holder]:
    """Those in whose name `account` may give access: itself first, then companies by name."""
    query = select(Holder).where(Holder.tax_id.in_(_represented(account, at)))
    companies = list(db.session.scalars(query.order_by(Holder.name, Holder.tax_id)))
    own = db.session.get(Holder, account.tax_id) if account.assurance in ASSURED else None
    return [own, *companies] if own else companies


def acts_for(account: Account, holder: TaxId, at: datetime) -> bool:
    """Whether `account` is that holder, or represents it now."""
    if account.tax_id == holder:
        return account.assurance in ASSURED
    query = _represented(account, at).where(Grant.holder_tax_id == holder)
    return db.session.scalar(query) is not None


def hold(account: Account, holder: TaxId) -> None:
    """Whether `account` represents `holder` doesn't change before the commit: else what it gives
    could come into being just after a new representative took over all that it gave."""
    query = select(Grant.id).where(
        Grant.grantee_id == account.id,
        Grant.holder_tax_id == holder,
        Grant.relation == Relation.REPRESENTATIVE,
        Grant.state == State.ACTIVE,
    )
    db.session.execute(query.order_by(Grant.id).with_for_update(read=True)).all()


def who_acts_for(holder: TaxId, at: datetime) -> list[Account]:
    """The people on the holder's side: its own account first, then who represents it."""
    own = select(Account).where(
        Account.tax_id == holder, Account.assurance.in_(ASSURED), Account.locked_at.is_(None)
    )
    return [*db.session.scalars(own), *representatives_of(holder, at)]


def representatives_of(holder: TaxId, at: datetime) -> list[Account]:
    """The people who represent `holder` now, the first of them first."""
    person = aliased(Account)
    return list(
        db.session.scalars(
            select(person)
            .join(Grant, Grant.grantee_id == person.id)
            .where(
                Grant.holder_tax_id == holder,
                Grant.extent == "everything",
                person.locked_at.is_(None),
                *_representing(at),
            )
            .order_by(Grant.id)
        )
    )


def _represented(account: Account, at: datetime) -> Select[TaxId]:
    return select(Grant.holder_tax_id).where(Grant.grantee_id == account.id, *_representing(at))


def _representing(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Grant.relation == Relation.REPRESENTATIVE,
        Grant.state == State.ACTIVE,
        or_(Grant.expires_at.is_(None), Grant.expires_at > at),
    )
