"""Why a document isn't taken, or can't be read (any more)."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError


class DocumentRefused(DomainError):
    """Base of what is wrong with what was uploaded; `name` is the file that it is about."""

    code = "document_refused"
    text = _("We can't take this document.")
    field = "documents"

    def __init__(self, name: str = "", *, field: str | None = None) -> None:
        super().__init__(field=field)
        if name:
            self.text = _("%(name)s: %(reason)s", name=name, reason=type(self).text)


class NoDocument(DocumentRefused):
    """Nothing was chosen."""

    code = "document_missing"
    text = _("Choose at least one document.")


class TooManyDocuments(DocumentRefused):
    """More than `EVIDENCE_MAXIMUM_DOCUMENTS`."""

    code = "too_many_documents"
    text = _("These are too many documents at once. Leave out what is not needed.")


class DuplicateDocument(DocumentRefused):
    """The same content twice in one request, whatever the names."""

    code = "document_duplicate"
    text = _("You chose this document twice.")


class DocumentEmpty(DocumentRefused):
    """0 bytes: often a file that is still being downloaded from somebody's cloud."""

    code = "document_empty"
    text = _("This file is empty. Open it to see whether it is the right one.")


class DocumentTooLarge(DocumentRefused):
    """More than `EVIDENCE_MAXIMUM_BYTES`."""

    code = "document_too_large"
    text = _("This file is too large. Scan it with a lower resolution, or send fewer pages.")


class DocumentsTooLarge(DocumentRefused):
    """The whole request is larger than the documents that it may bring."""

    code = "documents_too_large"
    text = _("Together these files are too large. Choose smaller ones, or fewer.")


class DocumentOfOtherKind(DocumentRefused):
    """Neither PDF nor JPEG nor PNG, whatever it is called."""

    code = "document_of_other_kind"
    text = _("This is not a PDF, JPEG or PNG file. Save or print it as PDF and send that.")


class DocumentMisnamed(DocumentRefused):
    """A good document whose name ends like another kind."""

    code = "document_misnamed"
    text = _("The end of its name (such as .pdf) does not fit what is inside. Correct the name.")


class DocumentHidesMore(DocumentRefused):
    """Something else before, after or inside: an archive, a web page, a video, a second file."""

    code = "document_hides_more"
    text = _(
        "There is more in this file than a document or a picture. Print it to a new PDF, or send "
        "a screenshot of it."
    )


class DocumentLocked(DocumentRefused):
    """An encrypted PDF, with or without a password to open it."""

    code = "document_locked"
    text = _("This PDF is protected. Save or print it without protection and send that.")


class DocumentActive(DocumentRefused):
    """A PDF with scripts, actions that start by themselves, attached files or XFA forms."""

    code = "document_active"
    text = _("There are programs, forms or other files inside this PDF. Print it to a new PDF.")


class DocumentUnreadable(DocumentRefused):
    """Damaged, cut off, or made in a way that our libraries don't accept."""

    code = "document_unreadable"
    text = _("We can't read this file. Open it and save it anew, or send a photo of the document.")


class DocumentTooComplex(DocumentRefused):
    """More pixels, pages, objects, memory or time than a document of a person takes."""

    code = "document_too_complex"
    text = _("This file is too big once it is opened. Send fewer pages or a smaller picture.")


class ExaminationBusy(DocumentRefused):
    """Nothing is known about the document: others are being looked at."""

    code = "examination_busy"
    text = _("We are checking many documents at this moment. Try again in a minute.")


class DocumentDeleted(Conflict):
    """Its time is over: only the record of it is left."""

    code = "document_deleted"
    text = _("This document was deleted because its time was over.")
