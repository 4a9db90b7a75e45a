"""What the lines of an uploaded list turned out to be, page by page."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, select

from idp.extensions import db
from idp.invitations.bulk.models import Finding, Upload, UploadedLine
from idp.pages.paging import Paging
from idp.registry.models import Installation

CHUNK = 2000


class Lines(StrEnum):
    """Which lines are shown, besides those of one `Finding`."""

    PROBLEMS = "problems"
    ALL = "all"


Shown = Lines | Finding


class Line(NamedTuple):
    """One line of the list and what is to be said about it."""

    line: int
    code: str
    finding: Finding
    text: str


def shown_by(name: str) -> Shown:
    """What a page's filter `name` shows; problems, unless it says otherwise."""
    kinds: tuple[type[Shown], ...] = (Lines, Finding)
    for kind in kinds:
        if name in set(kind):
            return kind(name)
    return Lines.PROBLEMS


def count(upload: Upload, shown: Shown) -> int:
    """How many lines are shown, on all pages."""
    total = sum(upload.findings.values())
    if shown is Lines.ALL:
        return total
    if shown is Lines.PROBLEMS:
        return total - upload.findings.get(Finding.FINE, 0)
    return upload.findings.get(shown, 0)


def filters_of(upload: Upload) -> list[tuple[str, int]]:
    """What can be shown, and how many lines that is; without findings of which there are none."""
    there = (each for each in (*Lines, *Finding) if count(upload, each))
    return [(each.value, count(upload, each)) for each in there]


def page_of(upload: Upload, shown: Shown, paging: Paging) -> list[Line]:
    """One page, in the order of the list."""
    query = _lines(upload, shown).offset(paging.offset).limit(paging.per_page)
    return [_told(row) for row in db.session.execute(query)]


def problems_of(upload: Upload) -> Iterator[Line]:
    """Every line that can't be chosen."""
    query = _lines(upload, Lines.PROBLEMS).execution_options(yield_per=CHUNK)
    return (_told(row) for row in db.session.execute(query))


def text_of(finding: Finding, *, first_line: int | None, registered: str | None) -> str:
    """What is wrong with a line and what to do about it.

    `NOT_FOUND` has one text on purpose: see there. `registered` is a number of the holder's own.
    """
    texts = {
        Finding.FINE: _("Can be chosen"),
        Finding.NOT_FOUND: _("Not found: the number is unknown, or in another name"),
        Finding.ZEROS_LOST: _(
            "The zeros at its beginning were lost: it is %(number)s", number=registered
        ),
        Finding.CHANGED: _("A spreadsheet program changed this number: type it as text"),
        Finding.SEVERAL: _(
            "Two distributors have this number: name the one in a column “Distributor”"
        ),
        Finding.REPEATED: _("The same installation as on line %(line)s", line=first_line),
        Finding.INACTIVE: _("Inactive supply: can't be shared"),
        Finding.OTHER_SEGMENT: _("Not of the segment that you chose"),
    }
    return texts[finding]


def _lines(upload: Upload, shown: Shown) -> Select[int, str, Finding, int | None, str]:
    query = (
        select(
            UploadedLine.line,
            UploadedLine.code,
            UploadedLine.finding,
            UploadedLine.first_line,
            Installation.code,
        )
        .outerjoin(
            Installation,
            (Installation.id == UploadedLine.installation_id)
            & (Installation.holder_tax_id == upload.holder_tax_id),
        )
        .where(UploadedLine.upload_id == upload.id, *_are(shown))
    )
    return query.order_by(UploadedLine.line)


def _are(shown: Shown) -> tuple[ColumnElement[bool], ...]:
    if shown is Lines.ALL:
        return ()
    if shown is Lines.PROBLEMS:
        return (UploadedLine.finding != Finding.FINE,)
    return (UploadedLine.finding == shown,)


def _told(row: Row[int, str, Finding, int | None, str]) -> Line:
    line, code, finding, first_line, registered = row
    text = text_of(finding, first_line=first_line, registered=registered)
    return Line(line, code, finding, text)
