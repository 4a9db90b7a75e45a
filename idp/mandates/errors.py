"""Why a request can't be made, sent or decided."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError, NotAllowed


class CompanyCannotAct(NotAllowed):
    """Only a natural person represents a company; the account is a company's own."""

    code = "company_cannot_act"
    text = _("Sign in as the person who acts for the company: its own account can't ask for this.")


class NobodyToActFor(NotAllowed):
    """The account acts for nobody of the kind that is asked for."""

    code = "nobody_to_act_for"
    text = _("There is nobody here that you could do this for.")


class NomineeIsHolder(DomainError):
    """The holder needs nobody's leave."""

    code = "nominee_is_holder"
    text = _("This is the holder's own tax id. Enter that of the other person.")
    field = "nominee_tax_id"


class NomineeIsApplicant(DomainError):
    """A person who acts for the holder already nominated themselves."""

    code = "nominee_is_applicant"
    text = _("This is your own tax id. Enter that of the other person.")
    field = "nominee_tax_id"


class NoDocuments(DomainError):
    """Nothing was attached that staff could look at."""

    code = "no_documents"
    text = _("Attach at least one document.")
    field = "documents"


class RequestPending(Conflict):
    """One request about the same company, person and kind awaits its answer."""

    code = "request_pending"
    text = _("There is already a request for this, and we are working on it.")


class RequestSettled(Conflict):
    """It was approved, refused or withdrawn before."""

    code = "request_settled"
    text = _("This request has already been decided or withdrawn.")


class RequestNotSent(Conflict):
    """A draft: nobody decides on it."""

    code = "request_not_sent"
    text = _("This request was not sent.")


class AlreadyRepresents(Conflict):
    """The person acts for the company as it is."""

    code = "already_represents"
    text = _("This person represents the company already.")


class OwnRequest(NotAllowed):
    """Four eyes: who opened a request, or is named in it, decides nothing about it."""

    code = "own_request"
    text = _("You opened this request or are named in it. A colleague must review it.")


class NotRead(Conflict):
    """Approval asks for what this very reviewer read off the documents."""

    code = "not_read"
    text = _("First type what you read in the documents.")


class TaxIdsDiffer(Conflict):
    """What the documents say is about somebody else."""

    code = "tax_ids_differ"
    text = _("A tax id in the documents is not the one of the request. It can't be approved.")


class RemarkMissing(DomainError):
    """Something differs, and nobody says why that is all right."""

    code = "remark_missing"
    text = _("Write down why the difference does no harm.")
    field = "remark"


class HolderUnknown(Conflict):
    """The registry has no such holder, so there is nothing to act on."""

    code = "holder_unknown"
    text = _("Nothing stands in this holder's name. Refuse the request.")


class ApplicantLostPower(Conflict):
    """Whoever asked in the holder's name may not act for it any more."""

    code = "applicant_lost_power"
    text = _("The applicant does not act for this holder any more. Refuse the request.")


class NomineeLocked(Conflict):
    """The person's account is locked."""

    code = "nominee_locked"
    text = _("The account of the person who shall act is locked.")


class IdentityUnproven(Conflict):
    """Nobody has shown that the person who asks is the one in the documents."""

    code = "identity_unproven"
    text = _(
        "The documents must show who the person is: an identity document is needed, because this "
        "account has proven nothing yet."
    )


class InvitationStands(Conflict):
    """There is nothing to send again: not approved, not lapsed, or accepted."""

    code = "invitation_stands"
    text = _("The invitation can't be sent again: it still stands, or was answered.")
