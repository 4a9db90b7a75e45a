"""What others must know of an account and its sessions.

Sent inside the transaction of the change: what a receiver writes is kept or lost together with it.
"""

from blinker import Signal

session_renewed = Signal(
    "Sent with `earlier_id` and `session_id` (rows of browser_sessions): the same person signed in "
    "again on this browser, and a new session took the place of the earlier one."
)
sessions_ended = Signal(
    "Sent with `session_ids` (rows of browser_sessions, perhaps none) and `at`: these are over, by "
    "somebody or by their age. One whose place a new session of the same person took isn't there."
)
everything_ended = Signal(
    "Sent with `account` (Account), `keep` (BrowserSession or None) and `at`: the password "
    "changed, or the account was locked, erased, or signed out by staff. Whatever else was opened "
    "in its name, in any session but `keep`, has to end too."
)
account_erased = Signal(
    "Sent with `account` (Account), `by` (Actor), `at` and `reason` (of staff; else empty): the "
    "account is locked for good, and still has its name, tax id and address, for the last time. "
    "Whatever was given, received or begun in its name has to end. Receivers come in no order, and "
    "answer whether something that is kept, a grant or a paper, needs the account's name."
)
