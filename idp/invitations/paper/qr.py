"""The address of a protocol as a QR code (ISO/IEC 18004), as rectangles to be painted."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4  # modules that stay white on every side (section 6.3.8)


@dataclass(frozen=True, slots=True)
class Run:
    """Dark modules side by side, counted from the top left corner of the code."""

    row: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Code:
    """The dark runs of a code of `size` × `size` modules, quiet zone left out."""

    size: int
    runs: tuple[Run, ...]


def code_for(address: str) -> Code:
    """`address` with error correction M: 15 % of it may be smudged or folded away."""
    matrix = segno.make_qr(address, error="m").matrix
    runs = (run for number, row in enumerate(matrix) for run in _runs(number, row))
    return Code(len(matrix), tuple(runs))


def _runs(number: int, row: bytearray) -> Iterator[Run]:
    column = 0
    for is_dark, modules in groupby(row):
        length = len(list(modules))
        if is_dark:
            yield Run(number, column, length)
        column += length
