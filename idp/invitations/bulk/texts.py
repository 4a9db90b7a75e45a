"""Read lists that are text: CSV as every spreadsheet program and every language writes it."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from idp.invitations.bulk.errors import (
    EmptyFile,
    LineTooLong,
    NotText,
    TooManyRows,
    UnusableFile,
)

LONGEST_LINE = 10_000  # characters
DELIMITERS = (";", "\t", ",")
HINT = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")  # no text has any
LINE_END = re.compile(r"\r\n|\n|\r")
# Each with its mark at the beginning. What has none is UTF-8 or, from older programs, Windows-1252.
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
SUSPECTS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"{\\rtf",
    b"<!DOCTYPE",
    b"<?xml",
)


def check(content: bytes, *, most_lines: int) -> None:
    """Raises `NotText`, `EmptyFile`, `LineTooLong` or `TooManyRows`."""
    text = decoded(content).strip()
    if not text:
        raise EmptyFile
    for number, line in enumerate(_lines(text), start=1):
        if len(line) > LONGEST_LINE:
            raise LineTooLong
        if number > most_lines:
            raise TooManyRows


def decoded(content: bytes) -> str:
    """The text of `content`, in whichever encoding it is; raises `NotText`."""
    if content.startswith(SUSPECTS):
        raise NotText
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return _decoded(content.removeprefix(mark), encoding)
    try:
        return _decoded(content, "utf-8")
    except NotText:
        return _decoded(content, "cp1252")


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its first line in the file; raises `UnusableFile`."""
    if hint := HINT.match(text):
        delimiter, text = hint[1], text[hint.end() :]
    else:
        delimiter = _delimiter(text)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 2 if hint else 1
    try:
        line = first
        for row in reader:
            yield line, row
            line = first + reader.line_num
    except csv.Error:
        raise UnusableFile from None


def count_lines(text: str) -> int:
    """How many rows there are at most."""
    return (text.count("\n") or text.count("\r")) + 1


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise NotText from None
    if CONTROL.search(text):
        raise NotText
    return text


def _lines(text: str) -> Iterator[str]:
    start = 0
    for end in LINE_END.finditer(text):
        yield text[start : end.start()]
        start = end.end()
    yield text[start:]


def _delimiter(text: str) -> str:
    """What the first line is divided by; a list of one column needs nothing."""
    first = next(line for line in _lines(text.lstrip("\r\n")))
    counts = {each: re.sub(r'"[^"]*"', "", first).count(each) for each in DELIMITERS}
    return max(counts, key=counts.__getitem__)
