"""Read the rows of an uploaded file, whichever kind it is."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from idp.invitations.bulk import sheet, texts
from idp.invitations.bulk.errors import (
    EmptyFile,
    LineTooLong,
    TooManyColumns,
    TooManyRows,
    UnusableFile,
)
from idp.invitations.bulk.kinds import Kind
from idp.invitations.bulk.rows import MOST_COLUMNS

LONGEST_LINE = 1_000_000  # characters of one row, of which a workbook may hold more


class Lines(NamedTuple):
    """The lines of a file, numbered from 1."""

    total: int  # at most so many
    cells: Iterator[tuple[int, list[str]]]


@contextmanager
def opened(content: bytes, kind: Kind, *, most_rows: int) -> Iterator[Lines]:
    """Its lines; they, too, may raise `UnusableFile`, or one that says more."""
    opening = _text if kind is Kind.CSV else _workbook
    with opening(content) as lines:
        if lines.total == 0:
            raise EmptyFile
        if lines.total > most_rows + 1:
            raise TooManyRows
        yield lines


@contextmanager
def _text(content: bytes) -> Iterator[Lines]:
    text = texts.decoded(content).rstrip("\r\n ")
    yield Lines(texts.count_lines(text), texts.rows(text))


@contextmanager
def _workbook(content: bytes) -> Iterator[Lines]:
    """The rows as `sheet.py` prints them: a hostile file ends that process and not this one."""
    command = [sys.executable, "-I", str(Path(sheet.__file__)), str(MOST_COLUMNS)]
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own program; the file is its input
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
        with process:
            try:
                yield _lines_of(process)
            finally:
                process.kill()


def _lines_of(process: "subprocess.Popen[bytes]") -> Lines:
    output = process.stdout
    assert output is not None  # noqa: S101 - for the type checker
    total = output.readline(LONGEST_LINE)
    if not total:
        raise TooManyColumns if process.wait() == sheet.TOO_WIDE else UnusableFile
    return Lines(int(total), _cells(process, output))


def _cells(
    process: "subprocess.Popen[bytes]", output: IO[bytes]
) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while line := output.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise LineTooLong
        number += 1
        yield number, json.loads(line)
    if process.wait():
        raise UnusableFile
