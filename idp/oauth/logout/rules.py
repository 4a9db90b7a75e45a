"""What an application's answer means, when it is asked again, and when no longer."""

from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

FIRST_PAUSE = timedelta(seconds=30)  # longer than one try takes: meanwhile nobody else tries
LONGEST_PAUSE = timedelta(hours=1)
MAXIMUM_DOUBLINGS = 7  # enough to reach it
LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


class Outcome(StrEnum):
    """What became of a try."""

    TOLD = "told"
    POSTPONED = "postponed"
    GIVEN_UP = "given_up"


def outcome_of(status: int | None) -> Outcome:
    """By the status of the answer, None for none (section 2.8): 200, and 204 from frameworks that
    can't help it, are a success. What the application says is its own fault or ours, by a status
    of 4xx, won't change; all else may."""
    if status is None:
        return Outcome.POSTPONED
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Outcome.TOLD
    is_final = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return Outcome.GIVEN_UP if is_final and status not in LATER else Outcome.POSTPONED


def pause_after(attempts: int, *, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th try: doubled each time, up to an hour.

    `jitter` in 0…1 spreads the pause over 75 to 125 %.
    """
    doubled = FIRST_PAUSE * (1 << min(attempts - 1, MAXIMUM_DOUBLINGS))
    return min(doubled, LONGEST_PAUSE) * (0.75 + jitter / 2)


def is_hopeless(created_at: datetime, *, patience: timedelta, at: datetime) -> bool:
    """Whether the session ended so long ago that nobody is told any more."""
    return at - created_at >= patience
