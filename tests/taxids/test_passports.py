"""Passports: a number and the country that issued it."""

from __future__ import annotations

import pytest

from idp.taxids import MalformedTaxId, TaxId, UnknownIssuingCountry, parse_passport
from idp.taxids.countries import ISO_3166_ALPHA_2


@pytest.mark.parametrize("number", ["12AB34567", "12ab34567", " 12 AB-34567 ", "12AB\u00a034567"])
@pytest.mark.parametrize("country", ["fr", "FR"])
def test_a_passport_is_read_with_or_without_punctuation_in_either_case(
    number: str, country: str
) -> None:
    assert str(parse_passport(number, country)) == "fr:passport:12AB34567"


def test_the_same_number_of_two_countries_is_two_passports() -> None:
    assert parse_passport("12AB34567", "fr") != parse_passport("12AB34567", "ma")


@pytest.mark.parametrize("number", ["12345", "A" * 15, "000001"])
def test_five_to_fifteen_letters_and_digits_are_a_passport_number(number: str) -> None:
    assert parse_passport(number, "ro").value == number


@pytest.mark.parametrize(
    "number",
    ["", "1234", "A" * 16, "12AB_34567", "12AB３4567", "12ÀB34567", "12AB\x0034567", "12ſB34567"],
)
def test_anything_else_is_no_passport_number(number: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse_passport(number, "fr")


def test_an_over_long_passport_number_is_refused_unread() -> None:
    with pytest.raises(MalformedTaxId):
        parse_passport("12AB34567" + " " * 60, "fr")


@pytest.mark.parametrize(
    "country", ["", "f", "fra", "xx", "zz", "eu", "uk", "an", " fr", "\u212aw", "fr\n", "f\u0131"]
)
def test_the_issuing_country_must_be_in_iso_3166(country: str) -> None:
    with pytest.raises(UnknownIssuingCountry) as caught:
        parse_passport("12AB34567", country)
    assert caught.value.code == "tax_id_unknown_country"


def test_the_list_of_countries_is_whole() -> None:
    assert len(ISO_3166_ALPHA_2) == 249
    assert all(len(code) == 2 and code.isascii() and code.islower() for code in ISO_3166_ALPHA_2)


def test_a_passport_shows_its_last_three_characters_only() -> None:
    passport = TaxId.parse_canonical("fr:passport:12345")
    assert passport.masked == "**345"
    assert repr(passport) == "<TaxId fr:passport **345>"
