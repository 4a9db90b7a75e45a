"""Telephone numbers, to be read and typed again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.fields import PhoneField
from idp.phones import readable


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+5519998765432", "+55 19 99876-5432"),
        ("+551132109876", "+55 11 3210-9876"),
        ("19998765432", "(19) 99876-5432"),
        ("1132109876", "(11) 3210-9876"),
        ("+34612345678", "+34 612 345 678"),
        ("612345678", "612 345 678"),
        ("+351912345678", "+351 912 345 678"),
        ("+37061234567", "+370 612 34567"),
        ("+33612345678", "+33 6 12 34 56 78"),
        ("0612345678", "06 12 34 56 78"),
    ],
)
def test_a_number_of_the_markets_is_grouped_as_at_home(number: str, written: str) -> None:
    assert readable(number).replace("\N{NO-BREAK SPACE}", " ") == written


@pytest.mark.parametrize("number", ["", "+12025550123", "12345678", "+370612345678", "x"])
def test_any_other_stays_as_it_is(number: str) -> None:
    assert readable(number) == number


@given(st.from_regex(r"\+?[0-9]{8,15}", fullmatch=True))
def test_what_is_shown_can_be_typed_again(number: str) -> None:
    assert PhoneField().deserialize(readable(number)) == number
