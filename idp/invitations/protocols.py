"""Protocol numbers: short enough to read out on the telephone, checked against slips of the tongue.

`2026.4831.5920.2`: the year, eight random digits, and a check digit (Damm's algorithm) that
notices every wrong digit and every swap of two neighbours.
"""

import re
import secrets
from datetime import datetime

from idp.invitations.errors import ProtocolMalformed, ProtocolMistyped

RANDOM_DIGITS = 8
FORM = re.compile(r"[0-9]{13}")
SEPARATORS = re.compile(r"[\s.\-/]+")
MAXIMUM_TYPED = 40

# A totally anti-symmetric quasigroup of order 10 (H. M. Damm, 2004).
DAMM = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def new_protocol(at: datetime) -> str:
    """A number for something that happens at `at`; unique only once the database says so."""
    random = f"{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
    return _grouped(with_check_digit(f"{at.year:04d}{random}"))


def parse_protocol(typed: str) -> str | None:
    """The number as it is stored, from how a person typed it; None if it can't be one."""
    try:
        return read_protocol(typed)
    except (ProtocolMalformed, ProtocolMistyped):
        return None


def read_protocol(typed: str) -> str:
    """As `parse_protocol`; raises `ProtocolMalformed`, or `ProtocolMistyped` when only its check
    digit tells that a digit is wrong."""
    digits = SEPARATORS.sub("", typed[:MAXIMUM_TYPED])
    if not FORM.fullmatch(digits):
        raise ProtocolMalformed
    if _interim(digits) != 0:
        raise ProtocolMistyped
    return _grouped(digits)


def with_check_digit(digits: str) -> str:
    """`digits` and the digit that makes them check."""
    return f"{digits}{_interim(digits)}"


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(DAMM[interim][int(digit)])
    return interim


def _grouped(digits: str) -> str:
    return f"{digits[:4]}.{digits[4:8]}.{digits[8:12]}.{digits[12:]}"
