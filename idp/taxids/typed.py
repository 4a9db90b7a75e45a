"""Reading what a person typed or pasted into the tax-id field."""

from __future__ import annotations

from idp.taxids.countries import ISO_3166_ALPHA_2
from idp.taxids.errors import (
    AmbiguousTaxId,
    MalformedTaxId,
    TaxIdSchemeNotAllowed,
    UnknownIssuingCountry,
    WrongCheckDigit,
)
from idp.taxids.passports import PASSPORT
from idp.taxids.scheme import Scheme
from idp.taxids.schemes import SCHEME_NAMES, compatriots_of, named_schemes
from idp.taxids.taxid import TaxId

MAX_TYPED_LENGTH = 64

# Typed by people, or brought along when they paste from documents, sheets and web pages.
PUNCTUATION = (
    " \t\r\n-./"
    "\N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}"
    "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
    "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}"
)
_WITHOUT_PUNCTUATION = str.maketrans("", "", PUNCTUATION)


def parse(text: str, schemes: tuple[str, ...] = SCHEME_NAMES) -> TaxId:
    """The one tax id of the allowed `schemes` that `text` can mean; raises MalformedTaxId.

    AmbiguousTaxId carries the candidates, TaxIdSchemeNotAllowed the kinds it is instead.
    """
    allowed = named_schemes(schemes)
    typed = _without_punctuation(text)
    found = _readings(typed, allowed)
    if not found:
        raise _refusal(typed, allowed)
    if len(found) > 1:
        raise AmbiguousTaxId(found)
    return found[0]


def parse_passport(number: str, issuing_country: str) -> TaxId:
    """A passport: 5 to 15 ASCII letters and digits, of a country in ISO 3166-1 alpha-2."""
    # Lowering alone would turn other letters, such as the Kelvin sign, into ASCII ones.
    country = issuing_country.lower() if issuing_country.isascii() else ""
    if country not in ISO_3166_ALPHA_2:
        raise UnknownIssuingCountry
    return TaxId(country, PASSPORT.name, PASSPORT.canonical(_without_punctuation(number)))


def _without_punctuation(text: str) -> str:
    """What is left of `text` to be read, in ASCII only: other scripts have digits too, and
    letters whose capitals are ASCII. Length is bounded before any pattern is tried."""
    if len(text) > MAX_TYPED_LENGTH:
        raise MalformedTaxId
    typed = text.translate(_WITHOUT_PUNCTUATION)
    if not typed.isascii():
        raise MalformedTaxId
    return typed


def _readings(typed: str, schemes: list[Scheme]) -> tuple[TaxId, ...]:
    """Every tax id of these schemes that `typed` can mean."""
    return tuple(
        TaxId(scheme.country, scheme.name, scheme.canonicalise(bare))
        for scheme in schemes
        if (bare := scheme.bare(typed)) is not None and scheme.is_sound(bare)
    )


def _refusal(typed: str, allowed: list[Scheme]) -> MalformedTaxId:
    """The most helpful reason why `typed` is none of the allowed schemes.

    Other countries are not tried: any number of nine digits may be sound in some country.
    """
    instead = _readings(typed, compatriots_of(allowed))
    if instead:
        return TaxIdSchemeNotAllowed(tuple(f"{it.country}:{it.scheme}" for it in instead))
    if any(scheme.bare(typed) is not None for scheme in allowed):
        return WrongCheckDigit()
    return MalformedTaxId()
