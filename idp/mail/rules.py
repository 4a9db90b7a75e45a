"""When a mail that the server did not take is tried again, and when no longer."""

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=3)
PATIENCE = timedelta(days=3)
MAXIMUM_DOUBLINGS = 12


def pause_after(attempts: int, *, jitter: float) -> timedelta:
    """How long to wait after the `attempts`-th try failed: doubled each time, up to three hours.

    `jitter` in 0…1 spreads the pause over 75 to 125 %, so that mails that failed together don't
    come back together.
    """
    doubled = FIRST_PAUSE * (1 << min(attempts - 1, MAXIMUM_DOUBLINGS))
    return min(doubled, LONGEST_PAUSE) * (0.75 + jitter / 2)


def is_hopeless(created_at: datetime, *, at: datetime) -> bool:
    """Whether a mail is so old that another try would help nobody."""
    return at - created_at >= PATIENCE
