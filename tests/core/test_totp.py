"""Codes: the window, and whatever else people type."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from idp import totp
from tests.factories.admin import SECRET, a_code

AT = datetime(2026, 5, 4, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_is_good_one_step_before_and_after_its_own(steps: int) -> None:
    code = a_code(at=AT, steps=steps)
    assert totp.matching_step(SECRET, code, AT) == totp.step_of(AT) + steps


@pytest.mark.parametrize("steps", [-2, 2, 100])
def test_a_code_is_not_good_further_away(steps: int) -> None:
    assert totp.matching_step(SECRET, a_code(at=AT, steps=steps), AT) is None


def test_the_space_in_the_middle_that_apps_show_does_not_matter() -> None:
    code = a_code(at=AT)
    assert totp.matching_step(SECRET, f" {code[:3]} {code[3:]} ", AT) is not None


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "123\x00456", "é" * 300]
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert totp.matching_step(SECRET, typed, AT) is None


def test_the_address_for_the_app_names_service_and_member(app: Flask) -> None:
    address = totp.address_of(SECRET, "ana@utility.example")
    assert address.startswith("otpauth://totp/Outorga:ana%40utility.example?secret=")
    assert "issuer=Outorga" in address
