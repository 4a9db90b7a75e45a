"""Rules of second factors, without a database."""

import pytest

from idp.accounts.factors import rules
from idp.accounts.sessions import ACR_ONE_FACTOR, ACR_TWO_FACTORS, acr_of


@pytest.mark.parametrize("typed", ["123456", "000000"])
def test_six_digits_are_the_code_of_an_app(typed: str) -> None:
    assert rules.is_app_code(typed)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "k7m2-9xqp"])
def test_anything_else_is_meant_as_a_recovery_code(typed: str) -> None:
    assert not rules.is_app_code(typed)


def test_a_recovery_code_is_the_same_however_it_is_written() -> None:
    code = "0123456789abcdefghjk0011"
    assert rules.normalised_code(rules.grouped(code)) == code
    assert rules.normalised_code(" OI23 4567 89ab cdef ghjk oOlI") == code


def test_a_long_text_is_not_cut_to_a_code() -> None:
    code = "0123456789abcdefghjk0011"
    assert rules.normalised_code(code + "x") != code


def test_codes_have_the_entropy_that_a_plain_hash_needs() -> None:
    assert rules.CODE_LENGTH * 5 >= 112
    assert len(set(rules.ALPHABET)) == 32


@pytest.mark.parametrize(
    ("stored", "seen", "copied"),
    [(0, 0, False), (0, 1, False), (4, 5, False), (4, 4, True), (4, 3, True), (4, 0, True)],
)
def test_a_counter_that_does_not_move_on_tells_of_a_copy(
    stored: int, seen: int, copied: bool
) -> None:
    assert rules.is_copied(stored=stored, seen=seen) is copied


def test_what_was_shown_is_named_once() -> None:
    assert rules.together(["pwd"], "otp") == ["pwd", "otp"]
    assert rules.together(["pwd", "otp"], "otp") == ["pwd", "otp"]


@pytest.mark.parametrize(
    ("amr", "acr"),
    [
        (["pwd"], ACR_ONE_FACTOR),
        (["pwd", "otp"], ACR_TWO_FACTORS),
        (["pwd", "hwk"], ACR_TWO_FACTORS),
        (["swk"], ACR_TWO_FACTORS),
        ([], ACR_ONE_FACTOR),
    ],
)
def test_more_than_a_password_is_two_factors(amr: list[str], acr: str) -> None:
    assert acr_of(amr) == acr
