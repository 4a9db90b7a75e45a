"""What others must know when sessions end or a password changes.

Sent inside the transaction of the change: what a receiver writes is kept or lost together with it.
"""

from enum import StrEnum

from blinker import Signal


class Ending(StrEnum):
    """Why a browser session ended."""

    SIGNED_OUT = "signed_out"  # by the person, in that browser
    ENDED = "ended"  # by the person, from another browser or from the list
    RENEWED = "renewed"  # the same person signed in again: a new session takes its place
    REPLACED = "replaced"  # somebody else signed in on that browser
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - not a password
    LOCKED = "locked"  # staff locked the account
    STAFF = "staff"  # staff signed the person out


sessions_ended = Signal(
    "Sent with `session_ids` (list[int]: rows of browser_sessions), `reason` (Ending), `at`."
)
password_changed = Signal("Sent with `account` (Account) and `at`, after its sessions ended.")
session_renewed = Signal(
    "Sent with `earlier_id` and `session_id` (rows of browser_sessions): the same person signed in "
    "again on this browser, and a new session took the place of the earlier one."
)
