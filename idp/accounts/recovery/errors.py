"""What changes of addresses and the removal of second factors refuse."""

from datetime import datetime

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError


class SameEmail(DomainError):
    """The new address is the one on record."""

    code = "same_email"
    text = _("This is already the e-mail address of your account.")
    field = "new_email"


class EmailTaken(Conflict):
    """People sign in by their address alone here, and another account has it."""

    code = "email_taken"
    text = _("This e-mail address can't be used for your account.")


class LinkTooEarly(DomainError):
    """The change waits, so that the old address can object; `opens_at` is when it may go on."""

    code = "link_too_early"
    text = _("This link works later.")

    def __init__(self, opens_at: datetime) -> None:
        super().__init__()
        self.opens_at = opens_at


class NoFactor(Conflict):
    """There is nothing to remove."""

    code = "no_factor"
    text = _("This account has no second factor.")


class RemovalWaits(Conflict):
    """Somebody on the staff asked for the same already."""

    code = "removal_waits"
    text = _("The removal of the second factors was already asked for.")
