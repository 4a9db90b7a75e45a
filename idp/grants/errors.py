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


class NothingAbove(Conflict):
    """The access that this would be given from has ended."""

    code = "nothing_above"
    text = _("Your own access has ended, so you can no longer give it on.")


class ChainTooLong(Conflict):
    """The deployment allows no further link."""

    code = "chain_too_long"
    text = _("This access has been passed on as many times as it may be.")


class WiderThanAbove(DomainError):
    """More than the giver may do."""

    code = "wider_than_above"
    text = _("You can't let somebody do more than you may do yourself.")
    field = "level"


class LongerThanAbove(DomainError):
    """Beyond the end of the giver's own access."""

    code = "longer_than_above"
    text = _("Choose an end date that isn't after the end of your own access.")
    field = "ends_on"


class UseRefused(DomainError):
    """One of several uses that an application reports; `index` says which, from 0."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index


class UseInTheFuture(UseRefused):
    """It has not happened yet, even by a clock that is a little fast."""

    code = "use_in_the_future"
    text = "A use must have happened before it is reported."
    field = "at"


class UseTooOld(UseRefused):
    """It is too late to tell."""

    code = "use_too_old"
    text = "A use must be reported within 30 days."
    field = "at"


class UseOutsidePeriod(UseRefused):
    """Before the grant began, or while the client had no authorization of the grantee's."""

    code = "use_outside_period"
    text = "There was no such grant, or no authorization of this client, at that moment."
    field = "at"


class ReferenceReused(UseRefused, Conflict):
    """The client reported something else under this reference."""

    code = "reference_reused"
    text = "This reference was used before, for something else."
    field = "reference"
