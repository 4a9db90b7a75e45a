"""What one kind of tax id consists of, whatever its country."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from idp.taxids.errors import MalformedTaxId, WrongCheckDigit


def as_it_is(value: str) -> str:
    """The identity, for schemes whose canonical form is also the one people read and write."""
    return value


def people(_value: str) -> bool:
    """`is_company` of a scheme that only numbers people."""
    return False


def companies(_value: str) -> bool:
    """`is_company` of a scheme that only numbers companies and other entities."""
    return True


def picture(pattern: str) -> Callable[[str], str]:
    """Lay a value out: `#` shows its next character, `*` hides it, anything else is punctuation."""

    def lay_out(value: str) -> str:
        characters = iter(value)
        return "".join(_drawn(mark, characters) for mark in pattern)

    return lay_out


def _drawn(mark: str, characters: Iterator[str]) -> str:
    if mark == "#":
        return next(characters)
    if mark == "*":
        next(characters)
    return mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """One kind of tax id: how it is typed, checked, kept, shown and hidden."""

    country: str
    name: str
    form: re.Pattern[str]
    """What may remain of the typed text without punctuation and prefix. Spells out [0-9A-Z],
    because \\d and str.isdigit() let in the digits of other scripts, and with them a second
    spelling of the same number."""
    is_sound: Callable[[str], bool]
    """Whether the check digit of a text that has the form is right."""
    mask: Callable[[str], str]
    canonicalise: Callable[[str], str] = as_it_is
    """Brings the several notations of one number to the one that is kept."""
    format: Callable[[str], str] = as_it_is
    is_company: Callable[[str], bool] = people
    compat_claim: str | None = None
    country_prefix: bool = False
    """Whether people write the country before it, as on a European invoice."""
    lower_case: bool = False
    """Whether lower-case letters are read as capitals."""

    @property
    def key(self) -> str:
        return f"{self.country}:{self.name}"

    def bare(self, typed: str) -> str | None:
        """`typed` without its country prefix, or None when it does not have this form."""
        text = typed.upper() if self.lower_case else typed
        if self.country_prefix:
            text = text.removeprefix(self.country.upper())
        return text if self.form.fullmatch(text) else None

    def canonical(self, typed: str) -> str:
        """The one form in which this number is kept; raises MalformedTaxId."""
        bare = self.bare(typed)
        if bare is None:
            raise MalformedTaxId
        if not self.is_sound(bare):
            raise WrongCheckDigit
        return self.canonicalise(bare)
