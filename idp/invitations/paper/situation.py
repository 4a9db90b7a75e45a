"""How a permission stands at a moment: the invitation, and the access that came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from idp.grants import rules as grant_rules
from idp.grants.chain import links_of
from idp.grants.models import Grant, Level, State
from idp.invitations import rules
from idp.invitations.models import Invitation
from idp.invitations.rules import Standing


@dataclass(frozen=True, slots=True)
class Situation:
    """What became of it."""

    standing: Standing
    open_until: datetime
    settled_at: datetime | None  # None: open
    access: State | None  # None: not accepted; this and the next two count links above as well
    level: Level | None  # what the access allows now; None: not accepted
    ended_at: datetime | None  # None: not accepted, or in force

    @property
    def since(self) -> datetime | None:
        """When it became what it is; None: it awaits an answer."""
        return self.ended_at or self.settled_at


def situation_of(invitation: Invitation, at: datetime) -> Situation:
    """Where the invitation and its access stand at `at`."""
    standing = rules.standing_of(invitation, at)
    links = links_of(invitation.grant) if invitation.grant else []
    return Situation(
        standing=standing,
        open_until=invitation.expires_at,
        settled_at=invitation.expires_at if standing is Standing.LAPSED else invitation.settled_at,
        access=grant_rules.shown_state(links, at) if links else None,
        level=grant_rules.level_of(links) if links else None,
        ended_at=_ended_at(links, at),
    )


def _ended_at(links: Sequence[Grant], at: datetime) -> datetime | None:
    """When the last of `links` ended: by itself, or with the first above it that did."""
    ended = [link for link in (*links[-1:], *links) if not grant_rules.is_active(link, at)]
    return (ended[0].ended_at or ended[0].expires_at) if ended else None
