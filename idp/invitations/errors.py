"""Why an invitation can't be offered or answered."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError, NotAllowed, NotFound


class OwnershipUnproven(NotAllowed):
    """The account only declared its tax id: nobody knows yet that the person is that party."""

    code = "ownership_unproven"
    text = _("Show first that the installations are yours. Then you can give access to them.")


class NothingToOffer(NotAllowed):
    """The holder has no active installation (any more)."""

    code = "nothing_to_offer"
    text = _("There is no active installation in your name that you could give access to.")


class NothingChosen(DomainError):
    """The step was sent without an installation."""

    code = "nothing_chosen"
    text = _("Choose at least one installation.")
    field = "installations"


class OfferedToOneself(DomainError):
    """The guest is the holder or the person who invites."""

    code = "offered_to_oneself"
    text = _("This is your own tax id. Enter that of the person you are inviting.")
    field = "guest_tax_id"


class GuestIsCompany(DomainError):
    """A company can't accept: only people sign in to do so."""

    code = "guest_is_company"
    text = _("Enter the tax id of a person. A company can't be invited.")
    field = "guest_tax_id"


class EndDateTooSoon(DomainError):
    """The access would end before the invitation can be answered."""

    code = "end_date_too_soon"
    text = _("Choose a day from tomorrow on, or leave the end date empty.")
    field = "ends_on"


class EndDateTooLate(DomainError):
    """So far away that it must be a typing error."""

    code = "end_date_too_late"
    text = _("Choose a day within the next ten years, or leave the end date empty.")
    field = "ends_on"


class EndDatePassed(Conflict):
    """An earlier invitation's end date has come: it can't be sent again as it was."""

    code = "end_date_passed"
    text = _("The end date of this access has passed. Start a new invitation.")


class DraftChanged(Conflict):
    """What is about to be sent is not what the person saw on this page."""

    code = "draft_changed"
    text = _("Something changed since you opened this page. Check everything again, then send.")


class InvitationSettled(Conflict):
    """It was accepted, declined or cancelled before."""

    code = "invitation_settled"
    text = _("This invitation was already answered or cancelled.")


class InvitationLapsed(Conflict):
    """Nobody answered in time."""

    code = "invitation_lapsed"
    text = _("This invitation is no longer valid. Ask for a new one.")


class InvitationForAnother(NotAllowed):
    """Tax id, e-mail address or name are not the invited ones; never says which."""

    code = "invitation_for_another"
    text = _("This invitation was made out to somebody else, or with other data.")


class InvitationUnavailable(Conflict):
    """Nothing is left on offer: the installations changed holder, or the inviter is locked out."""

    code = "invitation_unavailable"
    text = _("This invitation can't be accepted any more. Ask for a new one.")


class ProtocolMalformed(DomainError):
    """What was typed can't be a protocol number."""

    code = "protocol_malformed"
    text = _("Enter the 13 digits of the protocol number, such as 2026.4831.5920.2.")
    field = "number"


class ProtocolMistyped(DomainError):
    """Thirteen digits whose check digit is wrong: one of them was misread."""

    code = "protocol_mistyped"
    text = _("This number has a typing error. Compare it with your document.")
    field = "number"


class ProtocolUnknown(NotFound):
    """No invitation has this number."""

    code = "protocol_unknown"
    text = _("We have no protocol with this number. Compare it with your document.")
    field = "number"


class CheckCodeWrong(DomainError):
    """The check code is not that of the document with this number."""

    code = "check_code_wrong"
    text = _("This is not the check code of this protocol. Compare it with your document.")
    field = "check"
