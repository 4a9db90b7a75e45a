"""How a grant ends, whoever or whatever ends it: lock, ask the rules, change, tell."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from idp.audit import SYSTEM, Actor, Event
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import chain, letters, rules
from idp.grants.letters import Concerned
from idp.grants.models import Grant, State
from idp.grants.narrowing import Loss
from idp.grants.telling import tell

EVENTS = {
    State.REVOKED: Event.GRANT_REVOKED,
    State.RENOUNCED: Event.GRANT_RENOUNCED,
    State.EXPIRED: Event.GRANT_EXPIRED,
    State.ENDED: Event.GRANT_ENDED,
    State.CANCELLED: Event.GRANT_CANCELLED,
}


def get_locked(public_id: str) -> Grant:
    """The grant, read anew and locked until the transaction ends; raises `NotFound`."""
    grant = db.session.scalar(locking().where(Grant.public_id == public_id))
    if grant is None:
        raise NotFound
    return grant


def lock(grant: Grant) -> None:
    """Hold the grant's row until the transaction ends, and see it as it is now."""
    db.session.flush()
    db.session.scalar(locking().where(Grant.id == grant.id))


def locking() -> Select[Grant]:
    """A query for grants with their parties, that locks the grants and reads them anew.

    Their keys are not locked: whoever changes a link below has to see that the one above exists.
    """
    return (
        select(Grant)
        .options(
            joinedload(Grant.granted_by),
            joinedload(Grant.grantee, innerjoin=True),
            joinedload(Grant.holder, innerjoin=True),
        )
        .with_for_update(of=Grant, key_share=True)
        .execution_options(populate_existing=True)
    )


def end(
    grant: Grant,
    wanted: State,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    concerned: Concerned | None = None,
    quietly: bool = False,
) -> bool:
    """Settle the grant as `wanted` (or as it ended before that, by itself or with a link above) and
    tell everybody.

    `concerned` is what ended just now, when the rows were changed already; `quietly` writes no
    mails, for a caller that tells of several at once. False when the grant had ended before:
    whoever comes second changes nothing.
    """
    lock(grant)
    links = chain.links_of(grant)
    state, first = rules.next_state(links, wanted, at), rules.first_ended(links, at)
    if state is None:
        return False
    concerned = concerned or letters.all_of(grant)
    ended_at = rules.ended_at(first) if first else at
    _settle(grant, state, at=ended_at, reason="" if first else reason)
    tell(
        grant,
        EVENTS[state],
        concerned,
        by=by,
        at=at,
        reason=grant.end_reason,
        cause="above" if first and first is not grant and state is not State.EXPIRED else None,
        quietly=quietly,
    )
    return True


def narrow_below(losses: Sequence[Loss], at: datetime) -> None:
    """Tell of links that lost installations with the one above; what covers nothing more ends."""
    ids = [loss.grant_id for loss in losses]
    found = db.session.scalars(locking().where(Grant.id.in_(ids)).order_by(Grant.id)).all()
    for grant, loss in zip(found, losses, strict=True):
        concerned = Concerned(loss.count, loss.codes)
        if loss.is_empty:
            end(grant, State.REVOKED, by=SYSTEM, at=at, concerned=concerned)
        else:
            tell(grant, Event.GRANT_NARROWED, concerned, by=SYSTEM, at=at)


def expire_due(at: datetime, limit: int = 100) -> int:
    """Record up to `limit` grants whose end date has come; returns how many.

    Several workers may do it at once: each takes what no other has locked.
    """
    due = db.session.scalars(
        locking()
        .where(Grant.state == State.ACTIVE, Grant.expires_at <= at)
        .order_by(Grant.expires_at, Grant.id)
        .limit(limit)
        .with_for_update(of=Grant, key_share=True, skip_locked=True)
    ).all()
    return sum(end(grant, State.EXPIRED, by=SYSTEM, at=at) for grant in due)


def settle_below(at: datetime, limit: int = 100) -> int:
    """Record the end of up to `limit` links whose link above has ended; returns how many.

    They ended at that very instant, for whoever asks; this closes their records and tells people.
    """
    ended = db.session.scalar(
        locking()
        .where(Grant.unsettled_below)
        .order_by(Grant.id)
        .limit(1)
        .with_for_update(of=Grant, key_share=True, skip_locked=True)
    )
    if ended is None:
        return 0
    below = db.session.scalars(
        locking()
        .where(Grant.parent_id == ended.id, Grant.state == State.ACTIVE)
        .order_by(Grant.id)
        .limit(limit)
    ).all()
    for grant in below:
        end(grant, rules.state_below(ended.state), by=SYSTEM, at=at)
    ended.unsettled_below = len(below) == limit
    db.session.flush()
    return max(len(below), 1)


def _settle(grant: Grant, state: State, *, at: datetime | None, reason: str) -> None:
    """The change itself: one row, however much hangs below it."""
    grant.state = state
    grant.version += 1
    grant.ended_at, grant.end_reason = at, reason
    below = select(Grant.id).where(Grant.parent_id == grant.id, Grant.state == State.ACTIVE)
    grant.unsettled_below = db.session.scalar(below.limit(1)) is not None
