"""What can go wrong with second factors."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError


class WrongCode(DomainError):
    """No code of this person's, or one that was used before."""

    code = "wrong_code"
    text = _("This code is not right, or it was used before. Type the one that is shown now.")
    field = "code"


class SetUpStale(DomainError):
    """The page with the QR code was meant for another sign-in, or was tampered with."""

    code = "set_up_stale"
    text = _("This page was open for too long. Scan the new code below.")
    field = "code"


class AppExists(Conflict):
    """There is one authenticator app already."""

    code = "app_exists"
    text = _("You already have an authenticator app. Remove it first if you want another one.")


class PasskeyRefused(DomainError):
    """What the browser sent doesn't show that the person has the passkey."""

    code = "passkey_refused"
    text = _("The passkey could not be checked. Please try again.")


class PasskeyKnown(Conflict):
    """It is registered, with this account or with another one."""

    code = "passkey_known"
    text = _("This passkey is already in use.")


class TooManyPasskeys(DomainError):
    """As many as one account may have."""

    code = "too_many_passkeys"
    text = _("You have as many passkeys as we keep. Remove one that you no longer need.")
