"""The Lithuanian company code: samples, both rows of weights."""

from __future__ import annotations

import pytest

from idp.taxids import MalformedTaxId, WrongCheckDigit, parse

LITHUANIA = ("lt:code",)


@pytest.mark.parametrize("text", ["304151376", "301844044", "110053842", "119511515"])
def test_a_published_company_code_is_accepted(text: str) -> None:
    assert str(parse(text, schemes=LITHUANIA)) == f"lt:code:{text}"


@pytest.mark.parametrize("text", ["LT304151376", "lt 304 151 376", "304-151-376"])
def test_a_company_code_is_read_with_or_without_punctuation_and_prefix(text: str) -> None:
    assert str(parse(text, schemes=LITHUANIA)) == "lt:code:304151376"


# 3*1 + 5*8 = 43, 43 % 11 = 10; then 3*3 + 5*1 = 14, 14 % 11 = 3.
@pytest.mark.parametrize("text", ["300000053", "300000107"])
def test_the_second_weights_decide_when_the_first_give_ten(text: str) -> None:
    assert parse(text, schemes=LITHUANIA).value == text


@pytest.mark.parametrize("text", ["300001280", "300002560"])
def test_the_check_digit_is_zero_when_both_weights_give_ten(text: str) -> None:
    assert parse(text, schemes=LITHUANIA).value == text


@pytest.mark.parametrize("text", ["304151377", "123456789"])
def test_a_company_code_with_a_wrong_check_digit_is_refused(text: str) -> None:
    with pytest.raises(WrongCheckDigit):
        parse(text, schemes=LITHUANIA)


@pytest.mark.parametrize(
    "text", ["000000000", "30415137", "3041513760", "1234567", "30415137６", "٣04151376"]
)
def test_zeros_old_seven_digit_codes_and_other_forms_are_refused(text: str) -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse(text, schemes=LITHUANIA)
    assert caught.value.code == "tax_id_malformed"
