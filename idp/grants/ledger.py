"""The list of grants that a person gave or received, and the parts of one grant."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from idp.accounts.models import Account
from idp.audit import Actor
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import rules
from idp.grants.folding import FROM, TO, patterns
from idp.grants.models import Grant, GrantInstallation, State
from idp.registry.models import Holder, Installation

PARTIES = (
    joinedload(Grant.granted_by, innerjoin=True),
    joinedload(Grant.grantee, innerjoin=True),
    joinedload(Grant.holder, innerjoin=True),
)
PUBLIC_ID = re.compile(r"g_[A-Za-z0-9_-]{1,64}")


class Side(StrEnum):
    """Which of one's grants."""

    GIVEN = "given"
    RECEIVED = "received"


class Standing(StrEnum):
    """Which of them by their state."""

    ACTIVE = "active"
    PAST = "past"


def get_visible(public_id: str, actor: Actor) -> Grant:
    """The grant, with its parties; raises `NotFound`, also when it is not theirs to see."""
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    grant = db.session.scalar(select(Grant).options(*PARTIES).where(Grant.public_id == public_id))
    if grant is None or not rules.may(actor, rules.Act.SEE, grant):
        raise NotFound
    return grant


def matching(
    account: Account, side: Side, *, standing: Standing | None, typed: str, at: datetime
) -> Select[Grant]:
    """The grants on this side whose other party or holder is called what was typed."""
    is_given = side is Side.GIVEN
    mine = Grant.granted_by_id if is_given else Grant.grantee_id
    other = Grant.grantee_id if is_given else Grant.granted_by_id
    query = select(Grant).where(mine == account.id)
    if standing is not None:
        unended = or_(Grant.expires_at.is_(None), Grant.expires_at > at)
        active = and_(Grant.state == State.ACTIVE, unended)
        query = query.where(active if standing is Standing.ACTIVE else not_(active))
    if words := patterns(typed):
        query = query.join(Account, Account.id == other).join(Grant.holder)
        query = query.where(_says(func.concat_ws(" ", Account.name, Holder.name), words))
    return query


def covered(grant: Grant, *, only_live: bool = False, typed: str = "") -> Select[GrantInstallation]:
    """The installations of a grant, those that ended included unless `only_live`."""
    query = (
        select(GrantInstallation)
        .join(GrantInstallation.installation)
        .where(GrantInstallation.grant_id == grant.id)
    )
    if only_live:
        query = query.where(GrantInstallation.ended_at.is_(None))
    if words := patterns(typed):
        place = func.concat_ws(" ", Installation.code, Installation.address, Installation.city)
        query = query.where(_says(place, words))
    return query


def count_of(query: Select[Any]) -> int:
    """How many rows there are in all."""
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def grants_of(query: Select[Grant], *, offset: int, limit: int) -> Sequence[Grant]:
    """One page with the parties, the latest first."""
    page = query.options(*PARTIES).order_by(Grant.id.desc()).offset(offset).limit(limit)
    return db.session.scalars(page).all()


def installations_of(
    query: Select[GrantInstallation], *, offset: int, limit: int
) -> Sequence[GrantInstallation]:
    """One page, in a stable order."""
    return db.session.scalars(
        query.options(contains_eager(GrantInstallation.installation))
        .order_by(GrantInstallation.installation_id)
        .offset(offset)
        .limit(limit)
    ).all()


def on_installation(installation_id: int, *, at: datetime, limit: int) -> Sequence[Grant]:
    """The active grants of its present holder that cover it, the latest first."""
    return db.session.scalars(
        select(Grant)
        .join(GrantInstallation, GrantInstallation.grant_id == Grant.id)
        .join(GrantInstallation.installation)
        .where(
            GrantInstallation.installation_id == installation_id,
            GrantInstallation.ended_at.is_(None),
            Installation.holder_tax_id == Grant.holder_tax_id,
            Grant.state == State.ACTIVE,
            or_(Grant.expires_at.is_(None), Grant.expires_at > at),
        )
        .options(*PARTIES)
        .order_by(Grant.id.desc())
        .limit(limit)
    ).all()


def ids_of(grant: Grant, public_ids: Sequence[str]) -> list[int]:
    """The ids of those of these installations that the grant names; others are passed over."""
    wanted = [key for text in public_ids if (key := _uuid(text)) is not None]
    return list(
        db.session.scalars(
            select(Installation.id)
            .join(GrantInstallation, GrantInstallation.installation_id == Installation.id)
            .where(GrantInstallation.grant_id == grant.id, Installation.public_id.in_(wanted))
        )
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _says(place: ColumnElement[str], words: Sequence[str]) -> ColumnElement[bool]:
    folded = func.lower(func.translate(place, FROM, TO))
    return and_(*(folded.like(word) for word in words))
