"""Why a mail did not leave. None of these carries an address: they end up in logs."""


class ServerUnavailable(Exception):
    """The mail server can't be reached, or turns us away: no mail was tried, all can wait."""


class Postponed(Exception):
    """This mail was not taken now; it may be later. `reason` is a code such as `smtp_451`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Postponed):
    """This mail will never be taken: there is no such mailbox, or its content is rejected."""
