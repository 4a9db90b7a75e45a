"""The lines of a file, as every program writes it."""

import datetime

import pytest
import xlsxwriter

from idp.invitations.bulk import reading, texts
from idp.invitations.bulk.errors import (
    EmptyFile,
    NotText,
    TooManyColumns,
    TooManyRows,
    UnusableFile,
)
from idp.invitations.bulk.kinds import Kind
from tests.invitations.bulk.workbooks import a_workbook, changed, with_cell
from tests.refusals import refusal_of

LINES = [(1, ["instalação", "cidade"]), (2, ["00100", "São Paulo"]), (3, ["200", ""])]
TEXT = "instalação;cidade\r\n00100;São Paulo\r\n200;\r\n"


def read(
    content: bytes, kind: Kind = Kind.XLSX, most_rows: int = 1000
) -> list[tuple[int, list[str]]]:
    with reading.opened(content, kind, most_rows=most_rows) as lines:
        return list(lines.cells)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace("\r\n", "\r").encode(),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode(),
        '"instalação";"cidade"\n"00100";"São Paulo"\n"200";""\n'.encode(),
    ],
)
def test_text_of_every_kind_reads_the_same(content: bytes) -> None:
    assert read(content, Kind.CSV) == LINES


def test_excels_hint_about_the_separator_is_followed() -> None:
    assert read(b"sep=|\r\n100|x\r\n200|y\r\n", Kind.CSV) == [(2, ["100", "x"]), (3, ["200", "y"])]


def test_a_cell_may_span_lines_and_the_next_line_keeps_its_number() -> None:
    assert read(b'100,"a\nb"\n200,c\n', Kind.CSV) == [(1, ["100", "a\nb"]), (3, ["200", "c"])]


@pytest.mark.parametrize("content", [b'100\n"200', b'"1"00\n', b'a,"' + b"x" * 200_000 + b'"'])
def test_quotes_that_do_not_match_are_refused(content: bytes) -> None:
    assert type(refusal_of(read, content, Kind.CSV)) is UnusableFile


def test_the_last_line_end_makes_no_line() -> None:
    assert texts.count_lines("1\n2\n3") == 3
    with reading.opened(b"1\n2\n3\n\n\n", Kind.CSV, most_rows=9) as lines:
        assert (lines.total, len(list(lines.cells))) == (3, 3)


def test_binary_that_calls_itself_text_is_refused() -> None:
    assert type(refusal_of(read, b"1\x00", Kind.CSV)) is NotText


def test_cells_of_a_workbook_are_what_they_show() -> None:
    content = a_workbook(
        [
            ["installation"],
            ["00100"],
            [3001234567.0],
            [1.5],
            [300123456789012345.0],
            [True],
            ["=1+1"],
        ]
    )
    assert [cells for _line, cells in read(content)] == [
        ["installation"],
        ["00100"],
        ["3001234567"],
        ["1.5"],
        ["3.00123456789012E+17"],
        ["True"],
        ["=1+1"],
    ]


def test_lines_are_numbered_as_the_spreadsheet_numbers_them(tmp_path: object) -> None:
    path = f"{tmp_path}/list.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_string(3, 2, "installation")
        sheet.write_datetime(5, 2, datetime.datetime(2026, 1, 2), day)
        workbook.add_worksheet().write_string(0, 0, "of another sheet")
    with open(path, "rb") as file:
        found = [line for line in read(file.read()) if line[1] != [""]]
    assert found == [(4, ["installation"]), (6, ["2026-01-02"])]


@pytest.mark.parametrize(
    ("cell", "refusal"),
    [
        # The last corner of a sheet: a library that makes room for all between asks for 500 GB.
        (b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', UnusableFile),
        (b'<row r="1048576"><c r="AD1048576"><v>1</v></c></row>', UnusableFile),
        (b'<row r="3000"><c r="A3000"><v>1</v></c></row>', TooManyRows),
        (b'<row r="2"><c r="AE2"><v>1</v></c></row>', TooManyColumns),
        (b'<row r="2"><c r="A99999999999999999999"><v>1</v></c></row>', UnusableFile),
        (b"<row><c></row>", UnusableFile),
        (b'<row r="2"><c r="A2" t="s"><v>99999</v></c></row>', UnusableFile),
    ],
)
def test_a_sheet_that_would_take_all_memory_ends_nothing_but_itself(
    cell: bytes, refusal: type[UnusableFile]
) -> None:
    assert type(refusal_of(read, with_cell(cell))) is refusal


def test_a_workbook_without_a_sheet_or_without_a_cell_is_refused() -> None:
    assert type(refusal_of(read, a_workbook([]))) is EmptyFile
    without = changed(a_workbook([["1"]]), without=["xl/worksheets/sheet1.xml"])
    empty = changed(a_workbook([["1"]]), rewrite=lambda _name, _part: b"")
    for content in (without, empty):
        assert type(refusal_of(read, content)) is UnusableFile


def test_who_stops_reading_leaves_no_process_behind() -> None:
    content = a_workbook([[str(each)] for each in range(500)])
    with reading.opened(content, Kind.XLSX, most_rows=1000) as lines:
        assert next(lines.cells) == (1, ["0"])
    with pytest.raises(UnusableFile), reading.opened(content, Kind.XLSX, most_rows=1000) as lines:
        raise UnusableFile
