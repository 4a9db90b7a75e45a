"""What one row of a list says: which column holds the installation's number, and the number as it
was before a spreadsheet program changed it. No database, no files."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from idp.invitations.bulk.errors import TooManyColumns, TooManyRows
from idp.invitations.rules import folded

MOST_COLUMNS = 30
LONGEST_CODE = 64  # characters; the registry has none that is longer
# The headings of the two columns that are read, in every language, without accents and capitals.
CODE_NAMES = frozenset(
    {
        *("installation", "installation number", "installation code", "number", "code"),
        *("instalacao", "numero da instalacao", "codigo da instalacao", "unidade consumidora"),
        *("instalacion", "numero de instalacion", "codigo de instalacion", "suministro"),
        *("instal lacio", "installacio", "numero", "codigo", "codi", "uc", "cups", "cpe"),
        *("objektas", "objekto kodas", "objekto numeris", "kodas", "numeris"),
        *("numero d installation", "point de livraison", "pdl"),
    }
)
DISTRIBUTOR_NAMES = frozenset(
    {"distributor", "distribuidora", "concessionaria", "skirstytojas", "operatorius"}
    | {"distributeur", "gestionnaire"}
)
SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+(\d{2})")
CHANGED = re.compile(rf"{SCIENTIFIC.pattern}|\d+[.,]\d+|\d{{4}}-\d\d-\d\d(?:\d\d:\d\d:\d\d)?")
DIGITS = 15  # so many a spreadsheet keeps


class Row(NamedTuple):
    """One line of the list, in the order of the staging table."""

    line: int
    code: str
    distributor: str  # empty: not said
    is_changed: bool


class Columns(NamedTuple):
    """Where in a row the two columns are."""

    code: int
    distributor: int | None  # None: there is no such column


def read(lines: Iterable[tuple[int, list[str]]], *, most_rows: int) -> Iterator[Row]:
    """The rows that name an installation; raises `TooManyColumns` or `TooManyRows`."""
    columns: Columns | None = None
    count = 0
    for line, cells in lines:
        if len(cells) > MOST_COLUMNS:
            raise TooManyColumns
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = find_columns(cells)
            if columns is not None:
                continue
            columns = Columns(0, None)
        count += 1
        if count > most_rows:
            raise TooManyRows
        code = code_of(_cell(cells, columns.code))
        yield Row(line, code, _distributor(cells, columns), is_changed(code))


def find_columns(cells: list[str]) -> Columns | None:
    """The columns that a header names; None: this is no header."""
    names = [folded(cell[:LONGEST_CODE]) for cell in cells]
    code = next((index for index, name in enumerate(names) if name in CODE_NAMES), None)
    if code is None:
        return None
    others = (index for index, name in enumerate(names) if name in DISTRIBUTOR_NAMES)
    return Columns(code, next(others, None))


def code_of(cell: str) -> str:
    """The number as it stands on a bill: without spaces, nor the apostrophe that keeps a
    spreadsheet from reading it; `3.001234567E+09` is `3001234567` again while no digit is lost."""
    code = "".join(cell.split()).removeprefix("'")[: LONGEST_CODE + 1]
    if (parts := SCIENTIFIC.fullmatch(code)) is None:
        return code
    digits, exponent = parts[1] + (parts[2] or ""), int(parts[3])
    if len(digits) <= exponent or exponent >= DIGITS or digits[exponent + 1 :].strip("0"):
        return code
    return digits[: exponent + 1]


def is_changed(code: str) -> bool:
    """Whether it looks like what a spreadsheet program makes of a number it took for an amount or
    a day; said only of numbers that are not found as they are."""
    return CHANGED.fullmatch(code) is not None


def _distributor(cells: list[str], columns: Columns) -> str:
    if columns.distributor is None:
        return ""
    return _cell(cells, columns.distributor).strip()[:LONGEST_CODE]


def _cell(cells: list[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""
