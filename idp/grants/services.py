"""What can be done with a grant. Each flushes and leaves the commit to its caller."""

from collections.abc import Sequence
from datetime import datetime

from idp.audit import Actor, Event
from idp.errors import NotAllowed
from idp.grants import chain, letters, parts, rules
from idp.grants.endings import end, expire_due, get_locked, lock, narrow_below, settle_below
from idp.grants.errors import WiderThanAbove
from idp.grants.issuing import issue
from idp.grants.letters import Concerned
from idp.grants.models import Extent, Grant, Level, State
from idp.grants.narrowing import take, take_below
from idp.grants.rules import Act
from idp.grants.telling import tell

__all__ = [
    "change_level",
    "expire_due",
    "get_locked",
    "issue",
    "renounce",
    "revoke",
    "revoke_installations",
    "settle_below",
]


def revoke(
    grant: Grant, *, by: Actor, at: datetime, reason: str = "", quietly: bool = False
) -> None:
    """End all of the access, by who may; raises `NotAllowed`.

    Whatever was given on below it ends at the same instant. A grant that has ended already stays
    as it ended: asking twice is no error. `reason` is what staff give for the record; `quietly`
    leaves the mails to a caller that tells of several at once.
    """
    parts.check_may(by, Act.REVOKE, grant, at)
    end(grant, State.REVOKED, by=by, at=at, reason=reason, quietly=quietly)


def renounce(grant: Grant, *, by: Actor, at: datetime) -> None:
    """End all of the access, by the one who received it; raises `NotAllowed`."""
    parts.check_may(by, Act.RENOUNCE, grant, at)
    end(grant, State.RENOUNCED, by=by, at=at)


def revoke_installations(
    grant: Grant, installation_ids: Sequence[int], *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """End the access to these installations only; the last chosen one revokes the grant.

    Whoever has them from this grant on loses them with it, and is told. Raises `NotAllowed`, for a
    representative too. Those that the grant does not cover (any more) are passed over.
    """
    parts.check_may(by, Act.NARROW, grant, at)
    if not rules.is_divisible(grant):
        raise NotAllowed
    lock(grant)
    if not rules.stands(chain.links_of(grant), at):
        end(grant, State.REVOKED, by=by, at=at)
        return
    codes = take(grant, installation_ids, at)
    if not codes:
        return
    concerned, losses = Concerned(len(codes), codes), take_below(grant, installation_ids, at)
    if grant.extent is Extent.CHOSEN and grant.installation_count == 0:
        end(grant, State.REVOKED, by=by, at=at, reason=reason, concerned=concerned)
    else:
        grant.version += 1
        tell(grant, Event.GRANT_NARROWED, concerned, by=by, at=at, reason=reason)
    narrow_below(losses, at)


def change_level(grant: Grant, level: Level, *, by: Actor, at: datetime) -> None:
    """Let the grantee do more or less from now on; both parties are told.

    Raises `NotAllowed`, for a representative too, and `WiderThanAbove` when a link above allows
    less. The same level again, and a grant that has ended, are no error.
    """
    parts.check_may(by, Act.CHANGE_LEVEL, grant, at)
    if not rules.is_divisible(grant):
        raise NotAllowed
    lock(grant)
    links = chain.links_of(grant)
    if grant.level is level or not rules.stands(links, at):
        return
    if level is Level.FULL and rules.level_of(links[:-1]) is not Level.FULL:
        raise WiderThanAbove
    grant.level = level
    grant.version += 1
    tell(grant, Event.GRANT_LEVEL_CHANGED, letters.all_of(grant), by=by, at=at, level=level)
