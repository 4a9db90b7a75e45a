"""What is left behind by a change to a grant: a line in the trail, and a mail to each party."""

from datetime import datetime

from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.grants import letters, parts, rules
from idp.grants.letters import Cause, Concerned
from idp.grants.models import Grant, Level
from idp.grants.rules import Part

CAUSES: dict[Part, Cause] = {
    Part.HOLDER: "holder",
    Part.ABOVE: "giver",
    Part.STAFF: "staff",
    **dict.fromkeys(rules.RECEIVED.values(), "grantee"),
}


def tell(
    grant: Grant,
    event: Event,
    concerned: Concerned,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    level: Level | None = None,
    cause: Cause | None = None,
    quietly: bool = False,
) -> None:
    """Write the change that was just made and its trail, and unless `quietly` mails to both
    parties; they read that it came from `by` where `cause` names nobody."""
    db.session.flush()
    _record(grant, event, by=by, count=concerned.count, reason=reason, level=level)
    if not quietly:
        cause = cause or _cause(grant, event, by, at)
        template = event.value.replace(".", "_")
        letters.tell_parties(template, grant, concerned, cause=cause, at=at)


def _record(
    grant: Grant, event: Event, *, by: Actor, count: int, reason: str, level: Level | None
) -> None:
    record(
        event,
        by=by,
        account=(grant.granted_by or grant.grantee).public_id,
        grant=grant.public_id,
        installations=count,
        **({"reason": reason} if reason else {}),
        **({"level": level.value} if level else {}),
    )


def _cause(grant: Grant, event: Event, by: Actor, at: datetime) -> Cause:
    """The end date's coming is nobody's doing, whoever was the first to notice."""
    if event is Event.GRANT_EXPIRED:
        return "system"
    return CAUSES.get(parts.part_of(by, grant, at), "system")
