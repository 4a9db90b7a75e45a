"""What the console refuses."""

from flask_babel import lazy_gettext as _

from idp.errors import DomainError


class WrongCredentials(DomainError):
    """Unknown, disabled or wrong: one answer for all three."""

    code = "wrong_credentials"
    text = _("E-mail or password is not right. Check both and try again.")


class WrongCode(DomainError):
    """Not one of the codes of this moment, or one that was used before (RFC 6238 section 5.2)."""

    code = "wrong_code"
    text = _("This code is not right or was already used. Wait for the next one and type it.")
    field = "code"


class MemberExists(DomainError):
    """The address already belongs to a member of staff."""

    code = "member_exists"
    text = _("There is already a member of staff with this e-mail.")
    field = "email"


class MemberUnknown(DomainError):
    """No member of staff has this address."""

    code = "member_unknown"
    text = _("No member of staff has this e-mail.")
    field = "email"


class AddressOfStaff(DomainError):
    """An address that was to become a customer's belongs to a member of staff."""

    code = "address_of_staff"
    text = _("This is the e-mail address of a member of staff.")
    field = "new_email"


class NoInstallationChosen(DomainError):
    """Only some installations were to be revoked, and none was named."""

    code = "no_installation_chosen"
    text = _("Choose at least one installation.")
    field = "installations"


class TickedInVain(DomainError):
    """Everything was to be revoked, and yet installations were ticked: better ask than guess."""

    code = "ticked_in_vain"
    text = _("You ticked installations. Choose to revoke only those, or untick them to revoke all.")
    field = "scope"
