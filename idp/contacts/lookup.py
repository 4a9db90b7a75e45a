"""Whose contacts a person looks after, and who they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, not_, select
from sqlalchemy.orm import joinedload

from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import acting
from idp.grants.folding import patterns, says
from idp.grants.holders import ONESELF
from idp.grants.ledger import Standing
from idp.grants.models import Grant, Relation, State
from idp.grants.standing import is_standing
from idp.invitations.models import Invitation
from idp.registry.models import Holder
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Book:
    """A holder in whose name the person acts, and whose contacts they look after."""

    key: str  # names it in addresses and forms; it tells nobody whose tax id it is
    holder: Holder


def books_of(account: Account, at: datetime) -> list[Book]:
    """One's own first, then those of companies, by name."""
    query = select(Grant.holder_tax_id, func.min(Grant.public_id)).where(
        Grant.grantee_id == account.id,
        Grant.relation == Relation.REPRESENTATIVE,
        Grant.state == State.ACTIVE,
    )
    rows = db.session.execute(query.group_by(Grant.holder_tax_id))
    keys: dict[TaxId, str] = {holder: grant_id for holder, grant_id in rows}
    keys[account.tax_id] = ONESELF
    holders = acting.holders_for(account, at)
    return [Book(keys[holder.tax_id], holder) for holder in holders]


def get_book(books: Sequence[Book], key: str) -> Book:
    """The one with this key; raises `NotFound`."""
    found = next((book for book in books if book.key == key), None)
    if found is None:
        raise NotFound
    return found


def matching(
    holder: TaxId, *, standing: Standing | None, typed: str, at: datetime
) -> Select[Grant]:
    """Every grant that was given from the holder's side, to whoever is called what was typed."""
    query = select(Grant).where(Grant.holder_tax_id == holder, Grant.parent_id.is_(None))
    if standing is not None:
        active = is_standing(at)
        query = query.where(active if standing is Standing.ACTIVE else not_(active))
    if words := patterns(typed):
        query = query.join(Account, Account.id == Grant.grantee_id)
        query = query.where(says(Account.name, words))
    return query


def awaiting(holder: TaxId, *, at: datetime, limit: int) -> Sequence[Invitation]:
    """The latest invitations from the holder's side that nobody has answered yet."""
    return db.session.scalars(
        select(Invitation)
        .options(joinedload(Invitation.inviter))
        .where(
            Invitation.holder_tax_id == holder,
            Invitation.parent_id.is_(None),
            Invitation.settled_at.is_(None),
            Invitation.expires_at > at,
        )
        .order_by(Invitation.id.desc())
        .limit(limit)
    ).all()


def find_contact(person: TaxId, holder: TaxId, at: datetime) -> Grant | None:
    """The latest grant from the holder's side that `person` has now."""
    query = matching(holder, standing=Standing.ACTIVE, typed="", at=at)
    query = query.join(Account, Account.id == Grant.grantee_id).where(Account.tax_id == person)
    return db.session.scalar(query.order_by(Grant.id.desc()).limit(1))
