"""What one row says."""

import pytest

from idp.i18n import read_catalogues
from idp.invitations.bulk import rows
from idp.invitations.bulk.errors import TooManyColumns, TooManyRows
from tests.messages import LOCALES


def read(*lines: list[str], most_rows: int = 100) -> list[tuple[int, str, str]]:
    found = rows.read(enumerate(lines, start=1), most_rows=most_rows)
    return [(each.line, each.code, each.distributor) for each in found]


@pytest.mark.parametrize(
    "header",
    ["installation", "Instalação", "INSTALACIÓN", "Código", "Número da instalação", "UC", "CUPS"],
)
def test_a_header_in_any_language_names_the_column(header: str) -> None:
    assert read(["Nome", header], ["Ana", "100"]) == [(2, "100", "")]


def test_without_a_header_the_first_column_counts() -> None:
    assert read(["100", "elektro"], ["200", "cpfl"]) == [(1, "100", ""), (2, "200", "")]


def test_a_distributor_counts_where_a_header_names_it() -> None:
    lines = (["Distribuidora", "Instalação"], [" elektro ", "100"], ["", "200"], ["light"])
    assert read(*lines) == [(2, "100", "elektro"), (3, "200", ""), (4, "", "light")]


def test_empty_lines_are_passed_over_and_counted() -> None:
    assert read([], ["installation"], ["", " "], ["100"], [""], ["200"]) == [
        (4, "100", ""),
        (6, "200", ""),
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (" 30 01\u00a0234\t", "3001234"),
        ("'00123", "00123"),
        ("3.001234567E+09", "3001234567"),
        ("3,001234567E+09", "3001234567"),
        ("3,0012345670E+09", "3001234567"),
        ("3,00123E+09", "3,00123E+09"),  # digits are lost
        ("3E+09", "3E+09"),  # perhaps they are
        ("1.2345E+02", "1.2345E+02"),  # no whole number
        ("1.00000000000000000000E+20", "1.00000000000000000000E+20"),  # no spreadsheet is so exact
        ("12E5", "12E5"),  # may well be a number of an installation
        ("x" * 200, "x" * 65),
    ],
)
def test_a_number_is_read_as_it_was_before_a_spreadsheet_changed_it(cell: str, code: str) -> None:
    assert rows.code_of(cell) == code


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("3,00123E+09", True),
        ("3E+09", True),
        ("3001234567.0", True),
        ("1,5", True),
        ("2026-01-01", True),
        ("2026-01-0110:00:00", True),
        ("3001234567", False),
        ("12E5", False),
        ("A-1.5", False),
    ],
)
def test_a_number_that_a_spreadsheet_changed_is_known_by_its_looks(
    code: str, changed: bool
) -> None:
    assert rows.is_changed(code) is changed


def test_as_many_rows_as_allowed_and_not_one_more() -> None:
    lines = [["installation"], *([str(each)] for each in range(3))]
    assert len(read(*lines, most_rows=3)) == 3
    with pytest.raises(TooManyRows):
        read(*lines, most_rows=2)


def test_no_list_is_wider_than_thirty_columns() -> None:
    assert read(["1"] * 30) == [(1, "1", "")]
    with pytest.raises(TooManyColumns):
        read(["1"] * 31)


@pytest.mark.parametrize("locale", ["en", *LOCALES])
def test_the_headings_of_our_own_template_are_known_in_every_language(locale: str) -> None:
    say = read_catalogues(locale).gettext
    header = [say(each) for each in ("Installation", "Distributor", "Address", "City")]
    assert rows.find_columns(header) == (0, 1)
