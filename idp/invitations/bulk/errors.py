"""Why a file of installations can't be used; each text says what to do about it."""

from flask_babel import lazy_gettext as _

from idp.errors import Conflict, DomainError


class UnusableFile(DomainError):
    """Base of every refusal of the whole file."""

    code = "unusable_file"
    text = _("We can't read this file. Save it again as CSV or XLSX and upload it.")
    field = "file"


class NoFile(UnusableFile):
    """The form was sent without one."""

    code = "no_file"
    text = _("Choose the file with the installations.")


class EmptyFile(UnusableFile):
    """No bytes, or no row but the header."""

    code = "empty_file"
    text = _("There is nothing in this file. Write one installation on each line.")


class FileTooLarge(UnusableFile):
    """More bytes than the deployment takes."""

    code = "file_too_large"
    text = _("This file is too large. Delete the columns and sheets that aren't needed.")


class TooManyRows(UnusableFile):
    """More rows than the deployment takes."""

    code = "too_many_rows"
    text = _("This file has too many lines. Split it and upload one part after the other.")


class TooManyColumns(UnusableFile):
    """Wider than any list of installations."""

    code = "too_many_columns"
    text = _("This file has too many columns. Keep the one with the installations' numbers.")


class LineTooLong(UnusableFile):
    """A line that no list of installations has."""

    code = "line_too_long"
    text = _("A line of this file is too long. Write one installation on each line.")


class WrongKind(UnusableFile):
    """The name says neither CSV nor XLSX."""

    code = "wrong_kind"
    text = _("Choose a file whose name ends in .csv or .xlsx.")


class NotText(UnusableFile):
    """The name says CSV, and the content is something else."""

    code = "not_text"
    text = _("This is no CSV file, although its name says so. Save the list as CSV again.")


class NotWorkbook(UnusableFile):
    """The name says XLSX, and the content is something else."""

    code = "not_workbook"
    text = _("This is no XLSX file, although its name says so. Save the list as XLSX again.")


class LockedWorkbook(UnusableFile):
    """Encrypted, or of the kind before XLSX: both come in the same container."""

    code = "locked_workbook"
    text = _("This workbook has a password or an old format. Save it as XLSX without a password.")


class ActiveWorkbook(UnusableFile):
    """Macros, embedded objects or links to other files."""

    code = "active_workbook"
    text = _(
        "This workbook has macros, embedded objects or links to other files. "
        "Copy the list into a new workbook and upload that one."
    )


class SuspiciousWorkbook(UnusableFile):
    """It unpacks into far more than a list of installations, or holds what Excel never writes."""

    code = "suspicious_workbook"
    text = _("We don't open this workbook. Copy the list into a new one and upload that.")


class HolderChanged(Conflict):
    """The upload was compared with the installations of another holder, or of another segment."""

    code = "holder_changed"
    text = _("The holder or the segment changed since this file was uploaded. Upload it again.")
    field = ""


REFUSALS = {
    each.code: each
    for each in (
        UnusableFile,
        EmptyFile,
        TooManyRows,
        TooManyColumns,
        LineTooLong,
        NotText,
        SuspiciousWorkbook,
    )
}  # those that only reading brings to light, by the code that is kept


def refusal_of(code: str) -> UnusableFile:
    """The refusal that was kept as `code`."""
    return REFUSALS.get(code, UnusableFile)()
