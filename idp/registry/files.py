"""Read CSV and NDJSON line by line, so that a bad line costs only itself and memory stays flat."""

import csv
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import BinaryIO

from idp.registry.proofs.told import BETWEEN_TOTALS, INVOICE_TOTALS
from idp.registry.rows import COLUMNS, OPTIONAL_COLUMNS, BadRow

MAXIMUM_LINE = 65_536  # bytes
KNOWN = frozenset((*COLUMNS, *OPTIONAL_COLUMNS))
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Values = Mapping[str, str]


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    NDJSON = "ndjson"


class UnreadableFile(Exception):
    """Nothing of this file can be imported; the text says why."""


def read(source: BinaryIO, form: Format) -> Iterator[tuple[int, Values | BadRow]]:
    """Each row with the number of its line, or what keeps it from being read.

    Raises `UnreadableFile` when the CSV header lacks a column.
    """
    return _read_csv(source) if form is Format.CSV else _read_ndjson(source)


def lines(source: BinaryIO) -> Iterator[tuple[int, str | BadRow]]:
    """Numbered lines (from 1) without their ends; empty ones are passed over."""
    number = 0
    while line := source.readline(MAXIMUM_LINE + 1):
        number += 1
        if len(line) > MAXIMUM_LINE:
            while line and not line.endswith(b"\n"):
                line = source.readline(MAXIMUM_LINE)
            yield number, BadRow("", f"the line is longer than {MAXIMUM_LINE} bytes")
            continue
        if number == 1:
            line = line.removeprefix(BYTE_ORDER_MARK)
        try:
            text = line.decode().rstrip("\r\n")
        except UnicodeDecodeError:
            yield number, BadRow("", "this is not UTF-8")
            continue
        if text:
            yield number, text


def _read_ndjson(source: BinaryIO) -> Iterator[tuple[int, Values | BadRow]]:
    for number, line in lines(source):
        yield number, line if isinstance(line, BadRow) else _json_values(line)


def _json_values(line: str) -> Values | BadRow:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return BadRow("", "this is not JSON")
    if not isinstance(values, dict):
        return BadRow("", "this is not a JSON object")
    for column in COLUMNS:
        if column not in values:
            return BadRow(column, "is missing")
    totals = values.get(INVOICE_TOTALS)
    if isinstance(totals, list) and all(isinstance(total, str) for total in totals):
        values[INVOICE_TOTALS] = BETWEEN_TOTALS.join(totals)
    for column in KNOWN & values.keys():
        if not isinstance(values[column], str):
            return BadRow(column, "must be a text in quotes")
    return values


def _read_csv(source: BinaryIO) -> Iterator[tuple[int, Values | BadRow]]:
    numbered = lines(source)
    header, delimiter = _header(next(numbered, (1, "")))
    for number, line in numbered:
        if isinstance(line, BadRow):
            yield number, line
            continue
        try:
            fields = _fields(line, delimiter)
        except csv.Error:
            yield number, BadRow("", "the quotes are not balanced; a row may not span lines")
            continue
        if len(fields) != len(header):
            yield number, BadRow("", f"{len(fields)} fields instead of {len(header)}")
        else:
            yield number, dict(zip(header, fields, strict=True))


def _header(first: tuple[int, str | BadRow]) -> tuple[list[str], str]:
    _number, line = first
    if isinstance(line, BadRow):
        raise UnreadableFile(f"line 1: {line.problem}")
    delimiter = ";" if ";" in line and "," not in line else ","
    try:
        header = [name.strip().lower() for name in _fields(line, delimiter)]
    except csv.Error as error:
        raise UnreadableFile("line 1: the quotes are not balanced") from error
    if missing := [column for column in COLUMNS if column not in header]:
        raise UnreadableFile(f"line 1: missing column: {', '.join(missing)}")
    if len(set(header)) != len(header):
        raise UnreadableFile("line 1: a column is named twice")
    return header, delimiter


def _fields(line: str, delimiter: str) -> list[str]:
    """Split one line (RFC 4180); raises `csv.Error`. Most lines hold no quote at all."""
    if '"' not in line:
        return line.split(delimiter)
    return next(csv.reader([line], delimiter=delimiter, strict=True))
