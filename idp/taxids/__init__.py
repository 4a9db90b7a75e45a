"""Tax ids as value objects: reading, checking, the canonical form, masks.

A tax id is (country, scheme, value), and one party has exactly one spelling of it, so that one
party can never open two accounts. python-stdnum does the arithmetic, behind patterns of our own
(it reads digits of any script and several notations of one number). A check digit proves typing,
not identity.

Each country has its file; `schemes` lists them. Nothing here touches a database or a request.
"""

from idp.taxids.countries import ISO_3166_ALPHA_2 as COUNTRIES
from idp.taxids.errors import (
    AmbiguousTaxId,
    MalformedTaxId,
    TaxIdSchemeNotAllowed,
    UnknownIssuingCountry,
    WrongCheckDigit,
)
from idp.taxids.schemes import SCHEME_NAMES
from idp.taxids.taxid import TaxId
from idp.taxids.typed import parse, parse_passport

__all__ = [
    "COUNTRIES",
    "SCHEME_NAMES",
    "AmbiguousTaxId",
    "MalformedTaxId",
    "TaxId",
    "TaxIdSchemeNotAllowed",
    "UnknownIssuingCountry",
    "WrongCheckDigit",
    "parse",
    "parse_passport",
]
