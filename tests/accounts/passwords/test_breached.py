"""Passwords that were found in breaches, alone, doubled, and dressed up for a market's rules."""

from itertools import islice

import pytest
from flask import Flask
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from idp.accounts.passwords import guessing, policy
from idp.accounts.passwords.errors import PasswordRefused
from tests.accounts.passwords.test_policy import Market

BREACHED: list[str] = list(FREQUENCY_LISTS["passwords"])  # the commonest first
AS_MANY_AS_ASVS_ASKS_FOR = 3000


def commonest(length: int, number: int | None = None) -> list[str]:
    """Those that have at least this length."""
    return list(islice((each for each in BREACHED if len(each) >= length), number))


def is_taken(password: str, *, has_factor: bool = False) -> bool:
    try:
        policy.check(password, tax_id=None, email="", name="", has_factor=has_factor)
    except PasswordRefused:
        return False
    return True


def test_beside_a_second_factor_none_of_the_commonest_is_taken(app: Flask) -> None:
    usable = commonest(8)
    assert len(usable) > AS_MANY_AS_ASVS_ASKS_FOR
    assert [each for each in usable if is_taken(each, has_factor=True)] == []


def test_alone_none_that_is_long_enough_is_taken(app: Flask) -> None:
    usable = commonest(15)
    assert "q1w2e3r4t5y6u7i8o9p0" in usable
    assert [each for each in usable if is_taken(each)] == []


@pytest.mark.parametrize("times", [2, 3])
def test_typing_one_twice_makes_it_long_and_not_good(app: Flask, times: int) -> None:
    usable = [each * times for each in commonest(8, 500)]
    assert [each for each in usable if is_taken(each)] == []


def test_a_capital_and_a_digit_do_not_make_one_good(app: Flask, under_profile: Market) -> None:
    under_profile("lt-business")
    dressed = [f"{each.capitalize()}1" for each in commonest(7, 1000)]
    assert [each for each in dressed if is_taken(each)] == []


@pytest.mark.parametrize("password", ["NemvXyheqdd5oqxyxyzi", "Q1W2E3R4T5Y6U7I8O9P0"])
def test_capitals_hide_nothing(password: str) -> None:
    assert guessing.is_breached(password)


def test_what_is_repeated_is_judged_once() -> None:
    assert guessing.repeated_part_of("liverpoolliverpool") == "liverpool"
    assert guessing.repeated_part_of("liverpool liverpool") == "liverpool liverpool"
    assert guessing.repeated_part_of("aaaa") == "a"
    assert guessing.repeated_part_of("") == ""
    assert not guessing.is_easy("Kx7#pQ2x" * 2)
