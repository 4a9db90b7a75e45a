"""What an application is told that asks for the outcome (RFC 8628 section 3.5, CIBA section 11)."""

from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from idp.oauth.approvals.models import ApprovalState

INTERVAL = 5  # seconds between two questions (RFC 8628 section 3.2)
SLOWER = 5  # seconds more, for who asks sooner
# Two questions sent at the right distance may arrive a little closer to each other.
JITTER = timedelta(seconds=1)


class Outcome(Enum):
    """The answer to one question."""

    WAIT = auto()
    TOO_SOON = auto()
    DENIED = auto()
    EXPIRED = auto()
    READY = auto()
    SPENT = auto()  # the tokens were issued before


class Asked(Protocol):
    """A request, with the columns that matter here."""

    @property
    def state(self) -> ApprovalState: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def polled_at(self) -> datetime | None: ...
    @property
    def interval(self) -> int: ...


def outcome(asked: Asked, *, at: datetime) -> Outcome:
    """Nothing is issued once the time is over, whatever was decided by then."""
    if asked.state is ApprovalState.USED:
        return Outcome.SPENT
    if asked.state is ApprovalState.DENIED:
        return Outcome.DENIED
    if asked.expires_at <= at:
        return Outcome.EXPIRED
    if asked.state is ApprovalState.ALLOWED:
        return Outcome.READY
    pause = timedelta(seconds=asked.interval) - JITTER
    if asked.polled_at is not None and at - asked.polled_at < pause:
        return Outcome.TOO_SOON
    return Outcome.WAIT


def is_open(asked: Asked, *, at: datetime) -> bool:
    """Whether the person can still decide."""
    return asked.state is ApprovalState.PENDING and asked.expires_at > at
