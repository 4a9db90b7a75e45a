import io

import pytest

from idp.registry.files import MAXIMUM_LINE, Format, UnreadableFile, Values, read
from idp.registry.rows import COLUMNS, BadRow
from tests.registry.files import a_row, as_csv, as_ndjson

HEADER = ",".join(COLUMNS).encode() + b"\n"
GOOD = as_csv(a_row()).split(b"\r\n")[1] + b"\n"


def records(content: bytes, form: Format = Format.CSV) -> list[tuple[int, Values | BadRow]]:
    return list(read(io.BytesIO(content), form))


def problems(content: bytes, form: Format = Format.CSV) -> dict[int, str]:
    return {
        line: f"{found.column}: {found.problem}"
        for line, found in records(content, form)
        if isinstance(found, BadRow)
    }


def test_csv_and_ndjson_say_the_same() -> None:
    rows = a_row(address='Rua "A", 1'), a_row(code="2", holder_name="João Ávila")
    assert records(as_csv(*rows)) == [(2, rows[0]), (3, rows[1])]
    assert records(as_ndjson(*rows), Format.NDJSON) == [(1, rows[0]), (2, rows[1])]


def test_a_sheets_own_csv_is_read_too() -> None:
    """Byte-order mark, semicolons, capitals in the header, further columns, no last line end."""
    content = as_csv(a_row(note="x"), columns=(*COLUMNS, "note"), delimiter=";")
    marked = b"\xef\xbb\xbf" + content.replace(b"code", b" Code ", 1).rstrip()
    assert records(marked) == [(2, a_row(note="x"))]


def test_empty_lines_are_counted_and_passed_over() -> None:
    assert [line for line, _row in records(HEADER + b"\n\r\n" + GOOD)] == [4]


def test_a_missing_column_is_named_and_nothing_is_read() -> None:
    with pytest.raises(UnreadableFile, match="missing column: holder, status"):
        records(b"distributor,code,holder_name,address,city,state,postal_code,segment\n")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n", b'"a,b\n', b"x" * 70_000, b"code,code\n"])
def test_a_header_that_is_none_is_no_import(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        records(content)


def test_a_bad_line_costs_only_itself() -> None:
    content = HEADER + b"".join(
        [
            GOOD,
            b'elektro,"30,unbalanced\n',
            GOOD,
            b"elektro,\xff\xfe\n",
            b"one,two\n",
            b"x" * (MAXIMUM_LINE * 3) + b"\n",
            GOOD,
        ]
    )
    assert list(problems(content)) == [3, 5, 6, 7]
    assert [line for line, row in records(content) if not isinstance(row, BadRow)] == [2, 4, 8]


def test_an_endless_last_line_ends() -> None:
    assert list(problems(HEADER + b"x" * (MAXIMUM_LINE * 3))) == [2]


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[1, 2]",
        b"{}",
        b"null",
        b"{" * 60_000,
        b"\xff",
        b"NaN",
        as_ndjson(a_row()).replace(b'"3001234567"', b"3001234567"),
        as_ndjson(a_row()).replace(b'"active"', b"null"),
        as_ndjson(a_row()).replace(b'"active"', b'{"a": []}'),
        as_ndjson(a_row(scheme="x")).replace(b'"x"', b"[]"),
    ],
)
def test_a_line_that_is_no_object_of_texts_is_refused(line: bytes) -> None:
    assert list(problems(line.strip() + b"\n" + as_ndjson(a_row()), Format.NDJSON)) == [1]
