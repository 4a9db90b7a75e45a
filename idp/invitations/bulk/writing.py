"""The files that people get: a template with what they could choose, and the problems of a list.

A file is written whole before any of it is sent, so no connection to the database is held for
whoever reads slowly; it lies on disk when it is large.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import xlsxwriter
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from idp.extensions import db
from idp.invitations.bulk.kinds import Kind
from idp.invitations.cells import safe
from idp.invitations.conditions import offerable
from idp.invitations.models import InvitationDraft
from idp.registry.models import Installation

IN_MEMORY = 1_000_000  # bytes
CHUNK = 2000  # rows
TEXT = 49  # the built-in number format "@": what is typed stays as it is
WIDTHS = (22, 18, 48, 24)  # characters
XLSX_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def template(draft: InvitationDraft, kind: Kind) -> BinaryIO:
    """A list of all that could be chosen for `draft`: who deletes lines keeps the rest."""
    header = [_("Installation"), _("Distributor"), _("Address"), _("City")]
    rows = _installations(draft)
    return csv_file(header, rows) if kind is Kind.CSV else _xlsx_file(header, rows)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> BinaryIO:
    """UTF-8, marked as such, with the separator that a spreadsheet expects in this language."""
    with _whole() as file:
        text = TextIOWrapper(file, "utf-8-sig", newline="")
        writer = csv.writer(text, delimiter=_separator())
        writer.writerow(header)
        writer.writerows([safe(cell) for cell in row] for row in rows)
        text.detach()
    return file


def _xlsx_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> BinaryIO:
    """Every cell is text, the empty ones below too: a spreadsheet would take a number's zeros."""
    with _whole() as file, xlsxwriter.Workbook(file, XLSX_OPTIONS) as workbook:
        text, bold = workbook.add_format({"num_format": TEXT}), workbook.add_format({"bold": True})
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, (name, width) in enumerate(zip(header, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, text)
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, text)
    return file


def _installations(draft: InvitationDraft) -> Iterator[Sequence[str]]:
    columns = (
        Installation.code,
        Installation.distributor,
        Installation.address,
        Installation.city,
    )
    query = select(*columns).where(*offerable(draft)).order_by(Installation.code, Installation.id)
    for row in db.session.execute(query.execution_options(yield_per=CHUNK)):
        yield tuple(row)


def _separator() -> str:
    """Where numbers have a decimal comma, columns can't be told apart by one."""
    locale = get_locale()
    symbols = locale.number_symbols["latn"] if locale else {}
    return ";" if symbols.get("decimal") == "," else ","


@contextmanager
def _whole() -> Iterator[BinaryIO]:
    """A file to write, at its beginning again afterwards; the answer that sends it closes it."""
    file = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - closed below, or by the answer
    try:
        yield file
    except BaseException:
        file.close()
        raise
    file.seek(0)
