"""Passports of any country: no check digit, so only the plainest of rules."""

from __future__ import annotations

import re

from idp.taxids.scheme import Scheme

_SHOWN = 3


def _has_no_check_digit(_bare: str) -> bool:
    return True


def _mask(value: str) -> str:
    return "*" * (len(value) - _SHOWN) + value[-_SHOWN:]


PASSPORT = Scheme(
    country="",  # each tax id says its issuing country
    name="passport",
    form=re.compile(r"[0-9A-Z]{5,15}"),
    is_sound=_has_no_check_digit,
    mask=_mask,
    lower_case=True,
)
