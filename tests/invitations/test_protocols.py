from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.invitations.protocols import new_protocol, parse_protocol, with_check_digit

AT = datetime(2026, 11, 22, tzinfo=UTC)
DIGITS = st.text("0123456789", min_size=12, max_size=12)


def test_a_protocol_number_is_the_year_and_groups_of_digits() -> None:
    number = new_protocol(AT)
    year, *groups = number.split(".")
    assert year == "2026"
    assert [len(group) for group in groups] == [4, 4, 1]
    assert number.replace(".", "").isdigit()
    assert parse_protocol(number) == number


def test_protocol_numbers_do_not_follow_one_another() -> None:
    assert len({new_protocol(AT) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("separator", ["", " ", "-", "/", " . "])
def test_a_number_is_read_however_it_was_typed(separator: str) -> None:
    number = new_protocol(AT)
    assert parse_protocol(separator.join(number.split("."))) == number


@pytest.mark.parametrize(
    "typed", ["", "2026", "x" * 13, "٢٠٢٦٠٠٠٠٠٠٠٠٠", "0" * 1000, "\x00", "2026.0000.0000.0.0"]
)
def test_nonsense_is_no_protocol_number(typed: str) -> None:
    assert parse_protocol(typed) is None


@given(DIGITS, st.integers(0, 12), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(digits: str, place: int, by: int) -> None:
    number = with_check_digit(digits)
    wrong = str((int(number[place]) + by) % 10)
    assert parse_protocol(number[:place] + wrong + number[place + 1 :]) is None


@given(DIGITS, st.integers(0, 11))
def test_every_swap_of_two_neighbours_is_noticed(digits: str, place: int) -> None:
    number = with_check_digit(digits)
    one, other = number[place], number[place + 1]
    if one != other:
        assert parse_protocol(number[:place] + other + one + number[place + 2 :]) is None
