"""What people type and paste, whatever the country."""

from __future__ import annotations

import pytest

from idp.taxids import (
    SCHEME_NAMES,
    AmbiguousTaxId,
    MalformedTaxId,
    TaxId,
    TaxIdSchemeNotAllowed,
    WrongCheckDigit,
    parse,
)
from idp.taxids.typed import PUNCTUATION

CPF = TaxId("br", "cpf", "52998224725")

WAYS_TO_TYPE_A_CPF = [
    "529.982.247-25",
    "52998224725",
    " 529 982 247 25 ",
    "529-982-247/25",
    "529.982.247\u201325",
    "529.982.247\u221225",
    "529\u00a0982\u00a0247\u00a025",
    "529\u202f982\u202f247\u201125",
    "\ufeff52998224725\u200b",
    "52998224725\r\n",
    "\t52998224725",
]

NOT_A_TAX_ID = [
    "",
    " ",
    "-",
    "." * 64,
    "ana@example.com",
    "529.982.24",
    "529.982.247-255",
    "529,982,247-25",
    "529_982_247_25",
    "br:cpf:52998224725",
    "BR52998224725",
    "52998224725\x00",
    "\x0052998224725",
    "5299822\x004725",
    "52998224725' OR 1=1",
    "５２９９８２２４７２５",
    "٥٢٩٩٨٢٢٤٧٢٥",
    "5299822472٥",
    "5299822472²",
    "PTPT501964843",
    "PTLT304151376",
    "ESPT501964843",
    "12AB34567",
]


@pytest.mark.parametrize("text", WAYS_TO_TYPE_A_CPF)
def test_punctuation_and_spaces_that_people_type_or_paste_do_not_matter(text: str) -> None:
    assert parse(text) == CPF


@pytest.mark.parametrize("mark", PUNCTUATION)
def test_each_listed_mark_is_punctuation(mark: str) -> None:
    assert parse(mark.join("52998224725"), schemes=("br:cpf",)) == CPF


@pytest.mark.parametrize("text", NOT_A_TAX_ID)
def test_a_text_without_the_form_of_a_tax_id_is_malformed(text: str) -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse(text)
    assert caught.value.code == "tax_id_malformed"


def test_over_long_input_is_refused_even_when_most_of_it_is_punctuation() -> None:
    assert parse("52998224725".ljust(64)) == CPF
    for text in ("52998224725".ljust(65), "9" * 1_000_000, " " * 1_000_000):
        with pytest.raises(MalformedTaxId):
            parse(text)


def test_letters_that_only_become_ascii_in_capitals_are_refused() -> None:
    assert parse("s5881850a").value == "S5881850A"
    for text in ("ſ5881850a", "e\u017f12345678z", "\u212a1234567L"):
        with pytest.raises(MalformedTaxId):
            parse(text)


def test_a_wrong_check_digit_is_told_apart_from_a_wrong_form() -> None:
    with pytest.raises(WrongCheckDigit) as caught:
        parse("529.982.247-26")
    assert caught.value.code == "tax_id_wrong_check_digit"


def test_nine_digits_sound_in_portugal_and_in_lithuania_need_a_country() -> None:
    with pytest.raises(AmbiguousTaxId) as caught:
        parse("110053842", schemes=("pt:nif", "lt:code"))
    candidates = (TaxId("pt", "nif", "110053842"), TaxId("lt", "code", "110053842"))
    assert caught.value.code == "tax_id_ambiguous"
    assert caught.value.candidates == candidates


def test_a_country_prefix_or_a_single_allowed_scheme_settles_the_country() -> None:
    assert str(parse("LT 110053842")) == "lt:code:110053842"
    assert str(parse("PT 110 053 842")) == "pt:nif:110053842"
    assert str(parse("110053842", schemes=("lt:code",))) == "lt:code:110053842"
    assert str(parse("110053842", schemes=("pt:nif", "pt:nif"))) == "pt:nif:110053842"


def test_nine_digits_sound_in_one_country_only_are_of_that_country() -> None:
    assert str(parse("501964843")) == "pt:nif:501964843"
    assert str(parse("304151376")) == "lt:code:304151376"


def test_a_company_is_told_that_its_number_is_not_accepted_where_a_person_signs_in() -> None:
    with pytest.raises(TaxIdSchemeNotAllowed) as caught:
        parse("B-58378431", schemes=("es:nif", "es:nie", "passport"))
    assert caught.value.code == "tax_id_scheme_not_allowed"
    assert caught.value.schemes == ("es:cif",)


def test_a_number_of_a_country_that_is_not_served_is_just_malformed() -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse("304151376", schemes=("es:nif", "es:cif"))
    assert caught.value.code == "tax_id_malformed"


def test_nothing_is_read_when_nothing_is_allowed() -> None:
    for schemes in ((), ("passport",)):
        with pytest.raises(MalformedTaxId):
            parse("52998224725", schemes=schemes)


def test_a_scheme_that_does_not_exist_is_a_mistake_of_the_deployment() -> None:
    with pytest.raises(LookupError, match="br:cfp"):
        parse("52998224725", schemes=("br:cfp",))


def test_all_schemes_are_listed_under_stable_names() -> None:
    assert ",".join(SCHEME_NAMES) == "br:cpf,br:cnpj,es:nif,es:nie,es:cif,pt:nif,lt:code"
