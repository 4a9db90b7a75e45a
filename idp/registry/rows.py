"""What one row of an import file must say; no database, no files."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from idp.registry.models import InstallationStatus
from idp.taxids import SCHEME_NAMES, MalformedTaxId, TaxId, parse

REQUIRED = ("distributor", "code", "holder", "holder_name")
TEXTS = {"address": 256, "city": 128, "state": 64, "postal_code": 16}
COLUMNS = (*REQUIRED, *TEXTS, "segment", "status")
OPTIONAL_COLUMNS = ("scheme", "contract_number", "bank_digits", "invoice_totals")

DEFAULT_SEGMENT = "low_voltage"
MAXIMUM_NAME = 256

NAME_OF_A_THING = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,63}")
STATUSES = frozenset(status.value for status in InstallationStatus)


class BadRow(Exception):
    """A row is refused: `column` (empty: the row as a whole) and what is wrong with it.

    Neither repeats the value: error files travel further than tax ids may.
    """

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(column, problem)
        self.column = column
        self.problem = problem


class Row(NamedTuple):
    """One installation as the utility knows it, in the order of the staging table."""

    distributor: str
    code: str
    holder: str  # canonical tax id
    holder_name: str
    address: str
    city: str
    state: str
    postal_code: str
    segment: str
    status: str


def read_row(values: Mapping[str, str]) -> Row:
    """Check the texts of one row, by column; raises `BadRow` for the first that is wrong."""
    return Row(
        distributor=_token(values, "distributor"),
        code=_token(values, "code"),
        holder=_holder(values["holder"].strip(), values.get("scheme", "").strip()),
        holder_name=_required(_line(values, "holder_name", MAXIMUM_NAME), "holder_name"),
        address=_line(values, "address", TEXTS["address"]),
        city=_line(values, "city", TEXTS["city"]),
        state=_line(values, "state", TEXTS["state"]),
        postal_code=_line(values, "postal_code", TEXTS["postal_code"]),
        segment=_token(values, "segment") if values["segment"].strip() else DEFAULT_SEGMENT,
        status=_status(values["status"].strip()),
    )


def _token(values: Mapping[str, str], column: str) -> str:
    text = values[column].strip()
    if not NAME_OF_A_THING.fullmatch(text):
        _required(text, column)
        raise BadRow(column, "up to 64 letters, digits and . _ / - are allowed")
    return text


def _line(values: Mapping[str, str], column: str, maximum: int) -> str:
    """One line of text: white space of every kind becomes single blanks."""
    text = " ".join(values[column].split())
    if len(text) > maximum:
        raise BadRow(column, f"longer than {maximum} characters")
    if not text.isprintable():
        raise BadRow(column, "control characters are not allowed")
    return text


def _required(text: str, column: str) -> str:
    if not text:
        raise BadRow(column, "is empty")
    return text


def _holder(text: str, scheme: str) -> str:
    try:
        if ":" in text:
            return str(TaxId.parse_canonical(text))
        if scheme:
            return str(parse(_required(text, "holder"), _schemes(scheme)))
    except MalformedTaxId as error:
        raise BadRow("holder", str(error)) from error
    _required(text, "holder")
    raise BadRow("holder", "write it as br:cpf:… or add the column scheme")


@lru_cache(maxsize=64)
def _schemes(name: str) -> tuple[str, ...]:
    if name not in SCHEME_NAMES:
        raise BadRow("scheme", f"none of {', '.join(SCHEME_NAMES)}")
    return (name,)


def _status(text: str) -> str:
    if text not in STATUSES:
        raise BadRow("status", f"none of {', '.join(sorted(STATUSES))}")
    return text
