"""What a file must be before it is taken: its kind, its size, and no trap inside.

These checks pass over the bytes once, so that whoever uploads is told at once; what each row says
is for the worker to read.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from idp.invitations.bulk import packages, texts
from idp.invitations.bulk.errors import EmptyFile, FileTooLarge, WrongKind

ENDINGS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx"}


class Kind(StrEnum):
    """How the file is written."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken."""

    bytes: int
    rows: int


def check_file(name: str, content: bytes, limits: Limits) -> Kind:
    """What the file `name` is; raises `UnusableFile`, or one that says more, for a bad one."""
    ending = ENDINGS.get(PurePath(name.replace("\\", "/")).suffix.lower())
    if ending is None:
        raise WrongKind
    if not content:
        raise EmptyFile
    if len(content) > limits.bytes:
        raise FileTooLarge
    kind = Kind(ending)
    if kind is Kind.CSV:
        texts.check(content, most_lines=limits.rows + 1)
    else:
        packages.check(content)
    return kind
