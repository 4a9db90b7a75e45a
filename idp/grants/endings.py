"""How a grant ends, whoever or whatever ends it: lock, ask the rules, change, record, tell."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from idp.audit import SYSTEM, Actor, Event, record
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import letters, rules
from idp.grants.models import Grant, State
from idp.grants.rules import Part

EVENTS = {
    State.REVOKED: Event.GRANT_REVOKED,
    State.RENOUNCED: Event.GRANT_RENOUNCED,
    State.EXPIRED: Event.GRANT_EXPIRED,
    State.ENDED: Event.GRANT_ENDED,
    State.CANCELLED: Event.GRANT_CANCELLED,
}
CAUSES: dict[Part, letters.Cause] = {
    Part.HOLDER: "holder",
    Part.GRANTEE: "grantee",
    Part.STAFF: "staff",
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
    """A query for grants with their parties, that locks the grants and reads them anew."""
    return (
        select(Grant)
        .options(
            joinedload(Grant.granted_by, innerjoin=True),
            joinedload(Grant.grantee, innerjoin=True),
            joinedload(Grant.holder, innerjoin=True),
        )
        .with_for_update(of=Grant)
        .execution_options(populate_existing=True)
    )


def end(
    grant: Grant,
    wanted: State,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    codes: list[str] | None = None,
) -> bool:
    """Settle the grant as `wanted` (or as expired, if its end date has come) and tell everybody.

    `codes` names what ended just now, when the rows were changed already. False when the grant
    had ended before: whoever comes second changes nothing.
    """
    lock(grant)
    state = rules.next_state(grant, wanted, at)
    if state is None:
        return False
    grant.state = state
    grant.version += 1
    grant.ended_at = grant.expires_at if state is State.EXPIRED else at
    grant.end_reason = reason if state is wanted else ""
    named = letters.first_codes(grant) if codes is None else codes
    count = grant.installation_count if codes is None else len(codes)
    tell(grant, EVENTS[state], by=by, codes=named, count=count, reason=grant.end_reason)
    return True


def tell(
    grant: Grant, event: Event, *, by: Actor, codes: list[str], count: int, reason: str = ""
) -> None:
    """Write the change that was just made, its trail, and the mails to both parties.

    `count` installations are concerned, and `codes` names them or the first of them.
    """
    db.session.flush()
    record(
        event,
        by=by,
        account=grant.granted_by.public_id,
        grant=grant.public_id,
        installations=count,
        **({"reason": reason} if reason else {}),
    )
    cause = CAUSES.get(rules.part_of(by, grant), "system")
    if event is Event.GRANT_EXPIRED:
        cause = "system"
    template = event.value.replace(".", "_")
    letters.tell_parties(template, grant, cause=cause, codes=codes, count=count)


def expire_due(at: datetime, limit: int = 100) -> int:
    """Record up to `limit` grants whose end date has come; returns how many.

    Several workers may do it at once: each takes what no other has locked.
    """
    due = db.session.scalars(
        locking()
        .where(Grant.state == State.ACTIVE, Grant.expires_at <= at)
        .order_by(Grant.expires_at, Grant.id)
        .limit(limit)
        .with_for_update(of=Grant, skip_locked=True)
    ).all()
    return sum(end(grant, State.EXPIRED, by=SYSTEM, at=at) for grant in due)
