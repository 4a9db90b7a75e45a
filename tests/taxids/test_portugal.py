"""The Portuguese NIF: samples, first digits, whose it is."""

from __future__ import annotations

import pytest

from idp.taxids import MalformedTaxId, WrongCheckDigit, parse

from .strategies import PT_PREFIXES, complete_pt_nif

PORTUGAL = ("pt:nif",)
TWO_DIGITS = [f"{number:02}" for number in range(100)]


def _with_prefix(prefix: str) -> str:
    return complete_pt_nif(prefix.ljust(8, "1"))


@pytest.mark.parametrize("text", ["501964843", "501 964 843", "PT501964843", "pt 501.964.843"])
def test_a_portuguese_nif_is_read_with_or_without_punctuation_and_prefix(text: str) -> None:
    assert str(parse(text, schemes=PORTUGAL)) == "pt:nif:501964843"


@pytest.mark.parametrize("prefix", TWO_DIGITS)
def test_only_first_digits_that_are_given_out_are_accepted(prefix: str) -> None:
    number = _with_prefix(prefix)
    if prefix.startswith(PT_PREFIXES):
        assert parse(number, schemes=PORTUGAL).value == number
    else:
        with pytest.raises(MalformedTaxId):
            parse(number, schemes=PORTUGAL)


def test_a_number_of_an_unused_prefix_is_refused_though_its_check_digit_is_right() -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse("400000008", schemes=PORTUGAL)
    assert caught.value.code == "tax_id_malformed"


@pytest.mark.parametrize("prefix", PT_PREFIXES)
def test_the_first_digits_tell_people_from_entities(prefix: str) -> None:
    tax_id = parse(_with_prefix(prefix), schemes=PORTUGAL)
    assert tax_id.is_person is (prefix in {"1", "2", "3", "45"})


@pytest.mark.parametrize("text", ["501964844", "123456780"])
def test_a_portuguese_nif_with_a_wrong_check_digit_is_refused(text: str) -> None:
    with pytest.raises(WrongCheckDigit):
        parse(text, schemes=PORTUGAL)


@pytest.mark.parametrize("text", ["50196484", "5019648430", "٥01964843", "５０１９６４８４３"])
def test_anything_but_nine_ascii_digits_is_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId):
        parse(text, schemes=PORTUGAL)
