"""What holds for every tax id, and for every text that is none."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.taxids import (
    SCHEME_NAMES,
    MalformedTaxId,
    TaxId,
    WrongCheckDigit,
    parse,
    parse_passport,
)
from idp.taxids.typed import PUNCTUATION

from .strategies import (
    CIF_LETTERS,
    VALUES,
    any_id,
    cif_bodies,
    cif_control,
    complete_cif,
    decorated,
    dnis,
    ids,
    nies,
    passport_numbers,
)

every_scheme = pytest.mark.parametrize("key", SCHEME_NAMES)
scheme_tuples = st.lists(st.sampled_from([*SCHEME_NAMES, "passport"])).map(tuple)


def test_every_scheme_has_its_properties_tested() -> None:
    assert set(VALUES) == set(SCHEME_NAMES)


@every_scheme
@given(data=st.data())
def test_every_way_of_typing_a_tax_id_gives_its_one_canonical_form(
    key: str, data: st.DataObject
) -> None:
    tax_id, typed = data.draw(decorated(key, PUNCTUATION).filter(lambda it: len(it[1]) <= 64))
    read = parse(typed, schemes=(key,))
    assert read == tax_id
    assert str(read) == f"{key}:{tax_id.value}"


@every_scheme
@given(data=st.data())
def test_the_formatted_tax_id_reads_back_as_itself(key: str, data: st.DataObject) -> None:
    tax_id = data.draw(ids(key))
    assert parse(tax_id.formatted, schemes=(key,)) == tax_id


@given(tax_id=any_id)
def test_the_canonical_text_reads_back_as_itself(tax_id: TaxId) -> None:
    again = TaxId.parse_canonical(str(tax_id))
    assert again == tax_id
    assert hash(again) == hash(tax_id)


@given(number=passport_numbers, country=st.sampled_from(["fr", "MA", "ro"]))
def test_a_passport_reads_back_as_itself(number: str, country: str) -> None:
    passport = parse_passport(number.lower(), country)
    assert parse_passport(passport.formatted, passport.country) == passport
    assert TaxId.parse_canonical(str(passport)) == passport


@given(tax_id=any_id)
def test_neither_mask_nor_repr_shows_the_whole_value(tax_id: TaxId) -> None:
    for shown in (tax_id.masked, repr(tax_id)):
        assert tax_id.value not in shown
        assert tax_id.formatted not in shown
        assert shown.count("*") >= 5


@given(tax_id=any_id)
def test_every_tax_id_is_of_a_person_or_of_a_company(tax_id: TaxId) -> None:
    assert tax_id.is_person is not tax_id.is_company


ascii_text = st.text(st.characters(max_codepoint=127), max_size=70)
number_like = st.text("0123456789ABEKLMPQSTXYZabxyz.-/: \x00٣３é\u00a0", max_size=20)


@given(text=st.text() | ascii_text | number_like, schemes=scheme_tuples)
def test_no_text_raises_anything_but_a_malformed_tax_id(
    text: str, schemes: tuple[str, ...]
) -> None:
    with contextlib.suppress(MalformedTaxId):
        assert isinstance(parse(text, schemes=schemes), TaxId)
    with contextlib.suppress(MalformedTaxId):
        assert isinstance(parse_passport(text, text[:2]), TaxId)
    with contextlib.suppress(MalformedTaxId):
        assert str(TaxId.parse_canonical(text)) == text


@given(key=st.sampled_from(SCHEME_NAMES), value=st.text(max_size=16) | number_like)
def test_no_canonical_looking_text_raises_anything_but_a_malformed_tax_id(
    key: str, value: str
) -> None:
    with contextlib.suppress(MalformedTaxId):
        assert str(TaxId.parse_canonical(f"{key}:{value}")) == f"{key}:{value}"


@every_scheme
@given(data=st.data())
def test_a_changed_digit_never_gives_the_same_party(key: str, data: st.DataObject) -> None:
    tax_id = data.draw(ids(key))
    with contextlib.suppress(MalformedTaxId):
        assert parse(data.draw(misprints(tax_id.value)), schemes=(key,)) != tax_id


@given(data=st.data(), value=dnis | nies)
def test_a_changed_digit_of_a_spanish_person_is_always_noticed(
    data: st.DataObject, value: str
) -> None:
    misprint = data.draw(misprints(value))
    with pytest.raises(MalformedTaxId):
        parse(misprint, schemes=("es:nif", "es:nie"))


@given(body=cif_bodies)
def test_both_notations_of_a_spanish_entity_are_one_party(body: str) -> None:
    control = cif_control(body)
    with_digit = parse(f"{body}{control}", schemes=("es:cif",))
    with_letter = parse(f"{body}{CIF_LETTERS[control]}", schemes=("es:cif",))
    assert with_digit == with_letter
    assert with_digit.value == complete_cif(body)


@given(body=cif_bodies, off=st.integers(min_value=1, max_value=9))
def test_a_wrong_control_of_a_spanish_entity_is_refused_in_both_notations(
    body: str, off: int
) -> None:
    wrong = (cif_control(body) + off) % 10
    for control in (str(wrong), CIF_LETTERS[wrong]):
        with pytest.raises(WrongCheckDigit):
            parse(body + control, schemes=("es:cif",))


@st.composite
def misprints(draw: st.DrawFn, value: str) -> str:
    """`value` with one of its digits changed."""
    place = draw(st.sampled_from([i for i, c in enumerate(value) if c.isdigit()]))
    other = draw(st.sampled_from([d for d in "0123456789" if d != value[place]]))
    return value[:place] + other + value[place + 1 :]
