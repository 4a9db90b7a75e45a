"""What others must know of an account's sessions.

Sent inside the transaction of the change: what a receiver writes is kept or lost together with it.
"""

from blinker import Signal

session_renewed = Signal(
    "Sent with `earlier_id` and `session_id` (rows of browser_sessions): the same person signed in "
    "again on this browser, and a new session took the place of the earlier one."
)
everything_ended = Signal(
    "Sent with `account` (Account), `keep` (BrowserSession or None) and `at`: the password changed "
    "or staff locked the account or signed it out. Whatever else was opened in its name, in any "
    "session but `keep`, has to end too."
)
