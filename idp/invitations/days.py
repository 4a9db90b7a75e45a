"""Days where the deployment is: which one it is now, and when one ends."""

from datetime import UTC, date, datetime, time

from flask_babel import to_user_timezone, to_utc

LAST_SECOND = time(23, 59, 59)


def today(at: datetime) -> date:
    """The day of the moment `at`."""
    local: datetime = to_user_timezone(at)  # type: ignore[no-untyped-call]
    return local.date()


def end_of(day: date | None) -> datetime | None:
    """The last second of `day`, in UTC; None for no day."""
    if day is None:
        return None
    naive: datetime = to_utc(datetime.combine(day, LAST_SECOND))  # type: ignore[no-untyped-call]
    return naive.replace(tzinfo=UTC)
