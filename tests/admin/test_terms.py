"""Every reading of the search field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.admin.terms import MAXIMUM_CODE, Kind, Term, read
from idp.invitations.protocols import parse_protocol, with_check_digit
from idp.taxids import TaxId

MARIA = TaxId("br", "cpf", "52998224725")


@pytest.mark.parametrize(
    "typed", ["529.982.247-25", "52998224725", " 529 982 247 25 ", "br:cpf:52998224725"]
)
def test_a_tax_id_is_read_with_and_without_punctuation(typed: str) -> None:
    assert read(typed).tax_ids == (MARIA,)


def test_digits_of_several_countries_are_looked_for_in_all_of_them() -> None:
    found = read("501964843").tax_ids
    assert TaxId("pt", "nif", "501964843") in found


def test_an_address_is_an_address_and_nothing_else() -> None:
    assert read(" Maria@Example.COM ") == Term(email="maria@example.com")


@pytest.mark.parametrize(
    ("typed", "kind"), [("a_8Zk", Kind.ACCOUNT), ("g_8Zk", Kind.GRANT), ("v_8Zk", Kind.INVITATION)]
)
def test_an_id_says_by_its_prefix_what_it_names(typed: str, kind: Kind) -> None:
    assert read(typed).reference == typed
    assert read(typed).kinds == [kind]


def test_a_protocol_number_is_read_with_and_without_dots() -> None:
    digits = with_check_digit("202648315920")
    assert read(digits).protocol == parse_protocol(digits)
    assert read(f"{digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}").protocol


def test_digits_may_be_an_installation_code() -> None:
    assert read("3001234567").code == "3001234567"
    assert Kind.INSTALLATION in read("3001234567").kinds


def test_letters_are_the_beginning_of_a_name() -> None:
    assert read("  maria   da ") == Term(name="maria da")


@pytest.mark.parametrize("typed", ["", "ab", "%", "___", "'", "?!", "日"])
def test_too_little_to_look_for_is_read_as_nothing(typed: str) -> None:
    assert read(typed).kinds == []


@given(st.text(max_size=256))
def test_whatever_is_typed_is_read_as_what_can_be_looked_for(typed: str) -> None:
    term = read(typed)
    assert set(term.kinds) <= set(Kind)
    assert len(term.code) <= MAXIMUM_CODE
    assert not {"\n", "\t"} & {*term.email, *term.code, *term.name}
    if term.reference or term.email:
        assert len(term.kinds) == 1
