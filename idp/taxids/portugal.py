"""Portugal: the NIF, of people and entities alike; its first digits say whose it is."""

from __future__ import annotations

import re

from stdnum.pt import nif

from idp.taxids.scheme import Scheme, picture

_PEOPLE = ("1", "2", "3", "45")


def _is_company(value: str) -> bool:
    """Whether it is anything but a person's own number: companies (5), public bodies (6), estates
    and funds (7x), sole traders of old (8, in their trade), condominiums and the like (9x)."""
    return not value.startswith(_PEOPLE)


NIF = Scheme(
    country="pt",
    name="nif",
    # Only the first digits that the tax authority gives out.
    form=re.compile(r"(?:[12356][0-9]|45|7[01245789]|8[0-9]|9[0189])[0-9]{7}"),
    is_sound=nif.is_valid,
    format=picture("### ### ###"),
    mask=picture("*** ### ***"),
    is_company=_is_company,
    compat_claim="nif",
    country_prefix=True,
    lower_case=True,
)
