"""What can be wrong with giving, narrowing or ending access."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError


class InstallationsNotHeld(Conflict):
    """At least one of the installations does not stand in the holder's name (any more)."""

    code = "installations_not_held"
    text = _("Some of these installations are no longer in the holder's name. Choose them again.")
    field = "installations"


class NoInstallations(DomainError):
    """Nothing was chosen."""

    code = "no_installations"
    text = _("Choose at least one installation.")
    field = "installations"


class GrantToOneself(DomainError):
    """The holder needs no grant of their own."""

    code = "grant_to_oneself"
    text = _("You already have access: these installations are yours.")


class EndInThePast(DomainError):
    """The end date has come before the access begins."""

    code = "end_in_the_past"
    text = _("Choose an end date in the future.")
    field = "ends_on"
