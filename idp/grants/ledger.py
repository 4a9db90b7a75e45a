"""The list of grants that a person gave or received, and the parts of one grant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    and_,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from idp.accounts.models import Account
from idp.audit import Actor
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import acting, parts
from idp.grants.chain import PARTIES
from idp.grants.coverage import covered_by
from idp.grants.folding import patterns, says
from idp.grants.models import Extent, Grant, GrantInstallation
from idp.grants.rules import Act
from idp.grants.standing import is_standing
from idp.registry.models import Holder, Installation

PUBLIC_ID = re.compile(r"g_[A-Za-z0-9_-]{1,64}")


class Side(StrEnum):
    """Which of one's grants."""

    GIVEN = "given"
    RECEIVED = "received"


class Standing(StrEnum):
    """Which of them by their state."""

    ACTIVE = "active"
    PAST = "past"


Lines = Select[Installation, datetime | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One installation on the page of a grant."""

    installation: Installation
    ended_at: datetime | None  # None: covered


def get_visible(public_id: str, actor: Actor, at: datetime) -> Grant:
    """The grant, with its parties; raises `NotFound`, also when it is not theirs to see."""
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    grant = db.session.scalar(select(Grant).options(*PARTIES).where(Grant.public_id == public_id))
    if grant is None or not parts.may(actor, Act.SEE, grant, at):
        raise NotFound
    return grant


def matching(
    account: Account, side: Side, *, standing: Standing | None, typed: str, at: datetime
) -> Select[Grant]:
    """The grants on this side whose other party or holder is called what was typed; of those given
    in a company's name, while `account` represents it."""
    is_given = side is Side.GIVEN
    mine = Grant.granted_by_id if is_given else Grant.grantee_id
    other = Grant.grantee_id if is_given else Grant.granted_by_id
    query = select(Grant).where(mine == account.id)
    if is_given:
        holders = [each.tax_id for each in acting.holders_for(account, at)]
        query = query.where(or_(Grant.parent_id.is_not(None), Grant.holder_tax_id.in_(holders)))
    if standing is not None:
        active = is_standing(at)
        query = query.where(active if standing is Standing.ACTIVE else not_(active))
    if words := patterns(typed):
        query = query.join(Account, Account.id == other).join(Grant.holder)
        query = query.where(says(func.concat_ws(" ", Account.name, Holder.name), words))
    return query


def covered(grant: Grant, *, only_live: bool = False, typed: str = "") -> Lines:
    """The installations of a grant; of chosen ones those that ended, too, unless `only_live`.

    Everything is what the holder has now, less the exceptions of all links: not to be shown once
    the grant has ended.
    """
    row = GrantInstallation
    if grant.extent is Extent.CHOSEN:
        is_row = and_(row.installation_id == Installation.id, row.grant_id == grant.id)
        query = select(Installation, row.ended_at).join(row, is_row).order_by(row.installation_id)
        query = query.where(row.ended_at.is_(None)) if only_live else query
    else:
        query = select(Installation, null()).where(*covered_by(grant))
        query = query.order_by(Installation.code, Installation.id)
    if words := patterns(typed):
        place = func.concat_ws(" ", Installation.code, Installation.address, Installation.city)
        query = query.where(says(place, words))
    return query


def exceptions_of(grant: Grant, *, since: datetime | None, limit: int) -> Sequence[Line]:
    """What was taken out of everything, by this link or one above: at most `limit`, by code.

    `since` leaves out what was taken before: who came later never had it. None: whenever it was.
    """
    row = GrantInstallation
    found = db.session.execute(
        select(Installation, func.min(row.ended_at))
        .join(row, row.installation_id == Installation.id)
        .where(
            row.grant_id.in_([*grant.ancestors, grant.id]),
            row.ended_at.is_not(None) if since is None else row.ended_at >= since,
            Installation.holder_tax_id == grant.holder_tax_id,
        )
        .group_by(Installation.id)
        .order_by(Installation.code, Installation.id)
        .limit(limit)
    )
    return [Line(installation, ended_at) for installation, ended_at in found]


def count_of(query: Select[Any] | Lines) -> int:
    """How many rows there are in all."""
    counted = query.order_by(None).with_only_columns(literal(1)).subquery()
    return db.session.scalar(select(func.count()).select_from(counted)) or 0


def grants_of(query: Select[Grant], *, offset: int, limit: int) -> Sequence[Grant]:
    """One page with the parties, the latest first."""
    page = query.options(*PARTIES).order_by(Grant.id.desc()).offset(offset).limit(limit)
    return db.session.scalars(page).all()


def installations_of(query: Lines, *, offset: int, limit: int) -> Sequence[Line]:
    """One page of `covered`, in a stable order."""
    found = db.session.execute(query.offset(offset).limit(limit))
    return [Line(installation, ended_at) for installation, ended_at in found]


def ids_of(grant: Grant, public_ids: Sequence[str]) -> list[int]:
    """The ids of those of these installations that the grant names; others are passed over."""
    wanted = [key for text in public_ids if (key := _uuid(text)) is not None]
    query = select(Installation.id).where(Installation.public_id.in_(wanted))
    if grant.extent is Extent.EVERYTHING:
        query = query.where(Installation.holder_tax_id == grant.holder_tax_id)
    else:
        row = GrantInstallation
        is_row = and_(row.installation_id == Installation.id, row.grant_id == grant.id)
        query = query.join(row, is_row)
    return list(db.session.scalars(query)) if wanted else []


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
