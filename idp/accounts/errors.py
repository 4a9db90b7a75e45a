"""What can go wrong with accounts."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError, NotFound


class LinkInvalid(NotFound):
    """The link was cut short, changed, or its row is gone."""

    code = "link_invalid"
    text = _("This link is not complete, or it is no longer known.")


class LinkExpired(DomainError):
    """The link was good once; a new one can be asked for."""

    code = "link_expired"
    text = _("This link has expired.")


class LinkUsed(Conflict):
    """The link did what it was for, once."""

    code = "link_used"
    text = _("This link was already used.")


class TaxIdTaken(Conflict):
    """Another registration of the same tax id was activated first."""

    code = "tax_id_taken"
    text = _("There is already an account for this tax id.")


class WrongPassword(DomainError):
    """The current password, asked for once more, is not right."""

    code = "wrong_password"
    text = _("This is not your current password.")
    field = "current_password"
