"""CPF and CNPJ: published samples and known traps."""

from __future__ import annotations

import pytest

from idp.taxids import MalformedTaxId, WrongCheckDigit, parse

BRAZIL = ("br:cpf", "br:cnpj")


@pytest.mark.parametrize("text", ["529.982.247-25", "390.533.447-05", "111.444.777-35"])
def test_a_published_cpf_is_accepted(text: str) -> None:
    assert parse(text, schemes=BRAZIL).formatted == text


@pytest.mark.parametrize(
    "text",
    [
        "12.ABC.345/01DE-35",
        "13.45C.3A5/0001-06",
        "R5.523.1B3/0007-57",
        "90.021.382/0001-22",
        "90.025.255/0001-00",
        "11.222.333/0001-81",
        "AB.CDE.FGH/IJKL-80",
        "00.000.000/0001-91",
    ],
)
def test_a_published_cnpj_is_accepted_with_and_without_letters(text: str) -> None:
    assert parse(text, schemes=BRAZIL).formatted == text


@pytest.mark.parametrize("text", ["R55231B3000700", "90.025.108/000101", "123.456.789-10"])
def test_a_published_number_with_a_wrong_check_digit_is_refused(text: str) -> None:
    with pytest.raises(WrongCheckDigit):
        parse(text, schemes=BRAZIL)


@pytest.mark.parametrize("text", ["1345c3A5000106", "12.abc.345/01de-35", "12.ABC.345/01dE-35"])
def test_a_lower_case_cnpj_is_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=BRAZIL)


@pytest.mark.parametrize("text", ["90.024.420/0001A2", "12ABC34501DEAB"])
def test_a_letter_in_the_place_of_a_cnpj_check_digit_is_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=BRAZIL)


@pytest.mark.parametrize("digit", "0123456789")
def test_a_cpf_of_equal_digits_is_refused(digit: str) -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse(digit * 11, schemes=BRAZIL)
    assert caught.value.code == "tax_id_malformed"


@pytest.mark.parametrize("digit", "0123456789")
def test_a_cnpj_of_equal_digits_is_refused(digit: str) -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse(digit * 14, schemes=BRAZIL)
    assert caught.value.code == "tax_id_malformed"


@pytest.mark.parametrize(
    "text", ["١١٢٢٢٣٣٣000181", "１１２２２３３３０００１８１", "11222333000१81"]
)
def test_digits_of_other_scripts_do_not_make_a_second_spelling_of_a_company(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=BRAZIL)


def test_the_leading_zeros_of_a_cpf_are_kept() -> None:
    assert parse("000.000.001-91", schemes=BRAZIL).value == "00000000191"


def test_a_cpf_without_its_leading_zeros_is_not_completed() -> None:
    with pytest.raises(MalformedTaxId):
        parse("191", schemes=BRAZIL)
