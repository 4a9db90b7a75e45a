"""Lithuania: the code of a legal entity (juridinio asmens kodas)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from idp.taxids.scheme import Scheme, companies, picture

_WEIGHTS = range(1, 9)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 1)
_NOT_A_DIGIT = 10


def _remainder(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11


def _check_digit(digits: str) -> int:
    """Weights 1 to 8, modulo 11; other weights when that gives 10; 0 when it gives 10 again."""
    remainder = _remainder(digits, _WEIGHTS)
    if remainder == _NOT_A_DIGIT:
        remainder = _remainder(digits, _SECOND_WEIGHTS)
    return remainder % _NOT_A_DIGIT


def _is_sound(bare: str) -> bool:
    return _check_digit(bare[:-1]) == int(bare[-1])


CODE = Scheme(
    country="lt",
    name="code",
    # The seven-digit codes of the former register are not accepted; zero satisfies the
    # arithmetic and belongs to nobody.
    form=re.compile(r"(?!0{9})[0-9]{9}"),
    is_sound=_is_sound,
    mask=picture("***###***"),
    is_company=companies,
    country_prefix=True,
    lower_case=True,
)
