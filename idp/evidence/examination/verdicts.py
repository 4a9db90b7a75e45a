"""What an examination may find."""

from enum import StrEnum


class Verdict(StrEnum):
    """`fine`, or the one reason why the file isn't taken."""

    FINE = "fine"
    HIDES_MORE = "hides_more"
    LOCKED = "locked"
    ACTIVE = "active"
    UNREADABLE = "unreadable"
    TOO_COMPLEX = "too_complex"


# How the process says it: no other end of a process looks like one of these, and whatever a library
# that was taken over prints is thrown away unread.
STATUSES = {verdict: 100 + number for number, verdict in enumerate(Verdict)}


class Refused(Exception):
    """The file isn't taken, because of `verdict`."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.value)
        self.verdict = verdict
