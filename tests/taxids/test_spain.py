"""NIF, NIE and CIF: published samples and known traps."""

from __future__ import annotations

import pytest

from idp.taxids import MalformedTaxId, WrongCheckDigit, parse

SPAIN = ("es:nif", "es:nie", "es:cif")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("12345678Z", "es:nif:12345678Z"),
        ("12.345.678-z", "es:nif:12345678Z"),
        ("ES12345678Z", "es:nif:12345678Z"),
        ("es 12345678 z", "es:nif:12345678Z"),
        ("X1234567L", "es:nie:X1234567L"),
        ("x-1234567-l", "es:nie:X1234567L"),
        ("ESX1234567L", "es:nie:X1234567L"),
        ("B58378431", "es:cif:B58378431"),
        ("ES-B-58378431", "es:cif:B58378431"),
    ],
)
def test_a_spanish_number_is_read_with_or_without_punctuation_and_prefix(
    text: str, canonical: str
) -> None:
    assert str(parse(text, schemes=SPAIN)) == canonical


@pytest.mark.parametrize("text", ["02356126X", "12345678A", "X1234567A", "B58378432", "12345678I"])
def test_a_spanish_number_with_a_wrong_check_character_is_refused(text: str) -> None:
    with pytest.raises(WrongCheckDigit):
        parse(text, schemes=SPAIN)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1234567L", "01234567L"), ("01234567L", "01234567L"), ("1r", "00000001R")],
)
def test_a_dni_typed_without_its_leading_zeros_is_the_same_person(text: str, value: str) -> None:
    assert str(parse(text, schemes=SPAIN)) == f"es:nif:{value}"


def test_a_dni_and_the_nie_with_the_same_digits_and_letter_are_two_people() -> None:
    assert parse("1234567L", schemes=SPAIN) != parse("X1234567L", schemes=SPAIN)


@pytest.mark.parametrize("text", ["K1234567L", "L1234567L", "M1234567L"])
def test_minors_spaniards_abroad_and_foreigners_without_nie_have_a_nif(text: str) -> None:
    tax_id = parse(text, schemes=SPAIN)
    assert str(tax_id) == f"es:nif:{text}"
    assert tax_id.is_person


@pytest.mark.parametrize(
    ("with_digit", "with_letter", "kept"),
    [(f"{kind}58818501", f"{kind}5881850A", "digit") for kind in "ABEHCDFGJUV"]
    + [(f"{kind}58818501", f"{kind}5881850A", "letter") for kind in "PQRSNW"],
)
def test_an_entity_has_one_canonical_form_whichever_control_character_is_typed(
    with_digit: str, with_letter: str, kept: str
) -> None:
    canonical = with_digit if kept == "digit" else with_letter
    assert parse(with_digit, schemes=SPAIN).value == canonical
    assert parse(with_letter, schemes=SPAIN).value == canonical


@pytest.mark.parametrize("text", ["I58818501", "O58818501", "T58818501", "Ñ58818501", "K58818501"])
def test_a_letter_that_starts_no_spanish_number_is_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=SPAIN)


@pytest.mark.parametrize(
    "text", ["0T", "00000000T", "X0000000T", "Y0000000Z", "K0000000T", "A00000000", "P0000000J"]
)
def test_number_zero_belongs_to_nobody(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=SPAIN)


@pytest.mark.parametrize("text", ["12345678", "123456789Z", "X123456L", "B5837843", "Z"])
def test_a_spanish_number_of_another_length_is_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=SPAIN)


@pytest.mark.parametrize("text", ["１２３４５６７８Z", "١٢٣٤٥٦٧٨Z", "12345678Ｚ", "X123456٧L"])
def test_digits_and_letters_of_other_scripts_are_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=SPAIN)
