"""The value object: its one text form, its readable form, its mask, its claims."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from idp.taxids import MalformedTaxId, TaxId, WrongCheckDigit

SHOWN = {
    "br:cpf:52998224725": ("529.982.247-25", "***.982.247-**"),
    "br:cnpj:12ABC34501DE35": ("12.ABC.345/01DE-35", "**.ABC.345/****-**"),
    "es:nif:12345678Z": ("12345678Z", "***4567**"),
    "es:nif:M1234567L": ("M1234567L", "***3456**"),
    "es:nie:X1234567L": ("X1234567L", "****4567*"),
    "es:cif:B58378431": ("B58378431", "****7843*"),
    "pt:nif:501964843": ("501 964 843", "*** 964 ***"),
    "lt:code:304151376": ("304151376", "***151***"),
    "fr:passport:12AB34567": ("12AB34567", "******567"),
}

PARTIES = {
    "br:cpf:52998224725": ("person", "cpf"),
    "br:cnpj:11222333000181": ("company", "cnpj"),
    "es:nif:12345678Z": ("person", "nif"),
    "es:nif:K1234567L": ("person", "nif"),
    "es:nie:X1234567L": ("person", "nif"),
    "es:cif:B58378431": ("company", "nif"),
    "pt:nif:123456789": ("person", "nif"),
    "pt:nif:501964843": ("company", "nif"),
    "lt:code:304151376": ("company", None),
    "fr:passport:12AB34567": ("person", None),
}

NOT_CANONICAL = [
    "",
    ":",
    "::",
    "52998224725",
    "cpf:52998224725",
    "br:cpf",
    "br:cpf:",
    "br:cpf:529.982.247-25",
    "br:cpf: 52998224725",
    "br:cpf:52998224725 ",
    "br:cpf:52998224725\n",
    "br:cpf:52998224725\x00",
    "br:cpf:52998224725:",
    "br:cpf:52998224725:x",
    "BR:cpf:52998224725",
    "br:CPF:52998224725",
    " br:cpf:52998224725",
    "br:cpf:٥2998224725",
    "br:cpf:11111111111",
    "br:cpf:52998224726",
    "br:cnpj:12abc34501de35",
    "br:cnpj:١١٢٢٢٣٣٣000181",
    "br:cnpj:1345c3A5000106",
    "es:nif:12345678z",
    "es:nif:1234567L",
    "es:nif:ES12345678Z",
    "es:nif:X1234567L",
    "es:nif:B58378431",
    "es:cif:A5881850A",
    "pt:nif:PT501964843",
    "pt:nif:501 964 843",
    "lt:code:LT304151376",
    "lt:nif:501964843",
    "pt:code:304151376",
    "xx:cpf:52998224725",
    "xx:passport:12AB34567",
    "FR:passport:12AB34567",
    ":passport:12AB34567",
    "fr:passport:12ab34567",
    "fr:passport:12AB",
    "br:cpf:" + "5" * 10_000,
    ":" * 10_000,
]


@pytest.mark.parametrize(("canonical", "formatted", "masked"), [(k, *v) for k, v in SHOWN.items()])
def test_a_tax_id_shows_itself_as_its_country_writes_it_and_hides_as_it_is_hidden(
    canonical: str, formatted: str, masked: str
) -> None:
    tax_id = TaxId.parse_canonical(canonical)
    assert str(tax_id) == canonical
    assert tax_id.formatted == formatted
    assert tax_id.masked == masked


@pytest.mark.parametrize(("canonical", "party", "claim"), [(k, *v) for k, v in PARTIES.items()])
def test_a_tax_id_says_whose_it_is_and_which_older_claim_carries_it(
    canonical: str, party: str, claim: str | None
) -> None:
    tax_id = TaxId.parse_canonical(canonical)
    assert tax_id.is_person is (party == "person")
    assert tax_id.is_company is (party == "company")
    assert tax_id.compat_claim == claim


def test_the_claim_has_the_three_parts() -> None:
    claims = TaxId.parse_canonical("br:cpf:52998224725").claims()
    assert claims == {"country": "br", "scheme": "cpf", "value": "52998224725"}


@pytest.mark.parametrize("text", NOT_CANONICAL)
def test_only_the_canonical_text_is_read_as_one(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        TaxId.parse_canonical(text)


def test_a_tax_id_that_is_not_canonical_cannot_be_built() -> None:
    with pytest.raises(MalformedTaxId):
        TaxId("br", "cpf", "529.982.247-25")
    with pytest.raises(WrongCheckDigit):
        TaxId("br", "cpf", "52998224726")


def test_the_same_digits_in_two_countries_are_two_parties() -> None:
    portuguese = TaxId("pt", "nif", "110053842")
    lithuanian = TaxId("lt", "code", "110053842")
    assert portuguese != lithuanian
    assert len({portuguese, lithuanian}) == 2


def test_a_tax_id_never_changes() -> None:
    tax_id = TaxId("br", "cpf", "52998224725")
    with pytest.raises(dataclasses.FrozenInstanceError):
        tax_id.value = "39053344705"  # type: ignore[misc]
    assert not hasattr(tax_id, "__dict__")


def test_a_copied_or_stored_tax_id_is_equal() -> None:
    tax_id = TaxId("es", "nie", "X1234567L")
    assert copy.deepcopy(tax_id) == tax_id
    assert pickle.loads(pickle.dumps(tax_id)) == tax_id  # noqa: S301 - our own bytes


@pytest.mark.parametrize("text", ["br:cpf:52998224725", "es:nie:X1234567L", "pt:passport:AB12345"])
def test_what_a_column_holds_is_read_back_as_it_was(text: str) -> None:
    assert TaxId.stored(text) == TaxId.parse_canonical(text)
    assert str(TaxId.stored(text)) == text


def test_the_repr_is_masked() -> None:
    assert repr(TaxId("br", "cpf", "52998224725")) == "<TaxId br:cpf ***.982.247-**>"
