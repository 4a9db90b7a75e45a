"""For whom a person manages, and to whom they gave that access on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, not_, select
from sqlalchemy.orm import joinedload

from idp.accounts.models import Account
from idp.contacts.rules import Client
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import chain
from idp.grants.folding import patterns, says
from idp.grants.ledger import PUBLIC_ID, Standing
from idp.grants.models import Extent, Grant, GrantInstallation, Relation
from idp.grants.standing import is_standing
from idp.registry.models import Holder, Installation, InstallationStatus

People = Select[int, int, int, int]  # account id, grants that stand, all of them, the latest


@dataclass(frozen=True, slots=True)
class Collaborator:
    """A person to whom access was given on."""

    person: Account
    key: str  # public id of the latest grant: names the person in addresses
    active: int  # grants that stand
    total: int  # those that ended, too


def manages_any(account: Account) -> bool:
    """Whether `account` manages for anybody, or did."""
    query = select(Grant.id).where(_managed_by(account)).limit(1)
    return db.session.scalar(query) is not None


def matching(
    account: Account, *, standing: Standing | None, typed: str, at: datetime
) -> Select[Grant]:
    """The grants by which `account` manages for holders called what was typed."""
    query = select(Grant).where(_managed_by(account))
    if standing is not None:
        active = is_standing(at)
        query = query.where(active if standing is Standing.ACTIVE else not_(active))
    query = query.join(Holder, Holder.tax_id == Grant.holder_tax_id)
    if words := patterns(typed):
        query = query.where(says(Holder.name, words))
    return query


def page_of(query: Select[Grant], *, offset: int = 0, limit: int) -> list[Client]:
    """One page of `matching`, by the holder's name."""
    page = query.options(*chain.PARTIES).order_by(Holder.name, Grant.id)
    return _clients(db.session.scalars(page.offset(offset).limit(limit)).all())


def givable(account: Account, depth: int, at: datetime, typed: str = "") -> Select[Grant]:
    """The grants of `matching` that stand and may be given on, in chains of at most `depth`
    links."""
    query = matching(account, standing=Standing.ACTIVE, typed=typed, at=at)
    return query.where(func.cardinality(Grant.ancestors) + 1 < depth)


def ids_of(query: Select[Grant]) -> list[int]:
    """The ids of all of them."""
    return list(db.session.scalars(query.with_only_columns(Grant.id).order_by(Grant.id)))


def chosen_of(account: Account, grant_ids: Sequence[int], at: datetime) -> list[Client]:
    """Those of these grants by which `account` manages now and has anything to give on, by the
    holder's name."""
    query = matching(account, standing=Standing.ACTIVE, typed="", at=at)
    query = query.where(Grant.id.in_(grant_ids)).options(*chain.PARTIES)
    found = db.session.scalars(query.order_by(Holder.name, Grant.id)).all() if grant_ids else []
    return _offerable(_clients(found))


def ids_by_key(account: Account, keys: Sequence[str]) -> list[int]:
    """The ids of the grants with these public ids by which `account` manages; others are passed
    over."""
    wanted = [key for key in keys if PUBLIC_ID.fullmatch(key)]
    query = select(Grant.id).where(_managed_by(account), Grant.public_id.in_(wanted))
    return list(db.session.scalars(query)) if wanted else []


def collaborators_under(grants: Sequence[Grant], at: datetime) -> Mapping[int, int]:
    """How many links stand directly under each of `grants`, by its id."""
    query = select(Grant.parent_id, func.count()).where(
        Grant.parent_id.in_([grant.id for grant in grants]), is_standing(at)
    )
    rows = db.session.execute(query.group_by(Grant.parent_id))
    return {parent: number for parent, number in rows if parent is not None}


def collaborators_of(
    account: Account, *, standing: Standing | None, typed: str, at: datetime
) -> People:
    """The people called what was typed to whom `account` gave access on: one row each."""
    active = func.count().filter(is_standing(at))
    query = (
        select(Grant.grantee_id, active.label("active"), func.count(), func.max(Grant.id))
        .join(Account, Account.id == Grant.grantee_id)
        .where(*_given_on_by(account))
        .group_by(Grant.grantee_id, Account.name)
        .order_by(Account.name, Grant.grantee_id)
    )
    if standing is not None:
        query = query.having(active > 0 if standing is Standing.ACTIVE else active == 0)
    if words := patterns(typed):
        query = query.where(says(Account.name, words))
    return query


def count_of(query: People) -> int:
    """How many people there are in all."""
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


def people_of(query: People, *, offset: int, limit: int) -> list[Collaborator]:
    """One page of `collaborators_of`, by name."""
    rows = db.session.execute(query.offset(offset).limit(limit)).all()
    latest = select(Grant).where(Grant.id.in_([row[3] for row in rows]))
    grants = db.session.scalars(latest.options(joinedload(Grant.grantee))) if rows else ()
    by_person = {grant.grantee_id: grant for grant in grants}
    return [
        Collaborator(by_person[person].grantee, by_person[person].public_id, active, total)
        for person, active, total, _latest in rows
    ]


def grants_of(query: Select[Grant], *, offset: int, limit: int) -> Sequence[Grant]:
    """One page of `given_on`, with the parties."""
    return db.session.scalars(query.options(*chain.PARTIES).offset(offset).limit(limit)).all()


def get_collaborator(key: str, account: Account) -> Account:
    """The person to whom `account` gave on the grant with this public id; raises `NotFound`."""
    query = select(Grant).where(Grant.public_id == key, *_given_on_by(account))
    grant = db.session.scalar(query) if PUBLIC_ID.fullmatch(key) else None
    if grant is None:
        raise NotFound
    return grant.grantee


def given_on(
    account: Account, to: Account, *, standing: Standing | None, at: datetime
) -> Select[Grant]:
    """The grants that `account` gave on to this person, by the client's name."""
    query = select(Grant).where(*_given_on_by(account), Grant.grantee_id == to.id)
    if standing is not None:
        active = is_standing(at)
        query = query.where(active if standing is Standing.ACTIVE else not_(active))
    query = query.join(Holder, Holder.tax_id == Grant.holder_tax_id)
    return query.order_by(Holder.name, Grant.id.desc())


def _managed_by(account: Account) -> ColumnElement[bool]:
    return (Grant.grantee_id == account.id) & (Grant.relation == Relation.MANAGER)


def _given_on_by(account: Account) -> tuple[ColumnElement[bool], ...]:
    return (Grant.granted_by_id == account.id, Grant.parent_id.is_not(None))


def _clients(grants: Sequence[Grant]) -> list[Client]:
    links = chain.links_of_each(grants)
    return [Client(links[grant.id]) for grant in grants]


def _offerable(chosen: Sequence[Client]) -> list[Client]:
    """Those where there is anything to give on: everything, or an installation that is active."""
    row = GrantInstallation
    listed = [each.grant.id for each in chosen if each.grant.extent is Extent.CHOSEN]
    query = (
        select(row.grant_id)
        .join(Installation, Installation.id == row.installation_id)
        .where(
            row.grant_id.in_(listed),
            row.ended_at.is_(None),
            Installation.status == InstallationStatus.ACTIVE,
        )
    )
    some = set(db.session.scalars(query.distinct())) if listed else set()
    return [each for each in chosen if each.grant.id in some or each.grant.id not in listed]
