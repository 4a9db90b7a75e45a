"""What a new password must be, in each market, and what judging it costs."""

import time
import unicodedata
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from idp.accounts.passwords import guessing, policy, wording
from idp.accounts.passwords.errors import (
    PasswordCommon,
    PasswordGuessable,
    PasswordLacksClass,
    PasswordRefused,
    PasswordTooLong,
    PasswordTooShort,
)
from idp.taxids import TaxId

CPF = TaxId("br", "cpf", "52998224725")
GOOD = "correct horse battery staple"
# The dearest that a search for disguised words can be given: each character stands for several.
DEAREST = "4@8({[<369601!|70$5+2%" * 12

Market = Callable[[str], None]


def check(password: str, *, has_factor: bool = False) -> None:
    policy.check(
        password,
        tax_id=CPF,
        email="joana.prado@example.com",
        name="Joana Prado Lima",
        has_factor=has_factor,
    )


def refusal_of(password: str, *, has_factor: bool = False) -> type[PasswordRefused] | None:
    try:
        check(password, has_factor=has_factor)
    except PasswordRefused as error:
        assert error.field == "password"
        return type(error)
    return None


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "sete guarda-chuvas azuis dançando",
        "Kx7#pQ2x!mW9zL_",
        "                jardim violeta trovão",
        "🐎🔋 correct staple 🐎🔋",
        "x" * 40 + "tartan lunar gravel",
        "Joana Prado Lima gosta de trovões roxos",
    ],
)
def test_whatever_is_long_and_unusual_is_taken(app: Flask, password: str) -> None:
    assert refusal_of(password) is None


@pytest.mark.parametrize(
    "password",
    [
        "52998224725 5299",
        "529.982.247-25 !!",
        "br:cpf:52998224725",
        "Joana.Prado@Example.com",
        "joana prado example com",
        "JOANA PRADO LIMA joana",
        "Outorga Outorga 1",
        "Outorga-Joana-52998224725",
        "joãna prádo lìma.",
    ],
)
def test_what_everybody_who_knows_the_person_would_try_is_no_password(
    app: Flask, password: str
) -> None:
    assert refusal_of(password) is PasswordGuessable


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345",
        "password1234567",
        "qwertyuiopasdfg",
        "passwordpassword",
        "P@ssw0rdP@ssw0rd",
        "abcdefghijklmnop",
        "senhasenhasenha",
        "drowssapdrowssap",
        "iloveyou20012001",
    ],
)
def test_what_a_program_would_soon_have_tried_is_no_password(app: Flask, password: str) -> None:
    assert refusal_of(password) is PasswordCommon


def test_length_is_what_counts_and_less_is_enough_beside_a_second_factor(app: Flask) -> None:
    assert refusal_of("tartan lunar g") is PasswordTooShort  # 14
    assert refusal_of("tartan lunar gr") is None
    assert refusal_of("trt4n-Lu", has_factor=True) is None
    assert refusal_of("trt4n-L", has_factor=True) is PasswordTooShort
    assert refusal_of("12345678", has_factor=True) is PasswordCommon


def test_a_factor_never_asks_for_more(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PASSWORD_MINIMUM_LENGTH", 8)
    monkeypatch.setitem(app.config, "PASSWORD_MINIMUM_WITH_FACTOR", 12)
    assert policy.minimum_length(has_factor=True) == 8


def test_length_is_that_of_the_composed_characters(app: Flask) -> None:
    composed = "ãõéçàêíóúüñâôãõ"
    typed = unicodedata.normalize("NFD", composed[:-1])
    assert len(typed) > 15
    assert refusal_of(typed) is PasswordTooShort
    assert refusal_of(unicodedata.normalize("NFD", composed)) is None


def test_256_characters_are_taken_and_no_more(app: Flask) -> None:
    assert refusal_of((GOOD * 10)[:256]) is None
    assert refusal_of((GOOD * 10)[:257]) is PasswordTooLong


def test_only_a_market_that_insists_asks_for_kinds_of_characters(
    app: Flask, under_profile: Market
) -> None:
    assert refusal_of("tartan lunar gravel") is None
    under_profile("lt-business")
    for lacking in ("tartan7lunar", "TARTAN7LUNAR", "TartanLunar"):
        assert refusal_of(lacking) is PasswordLacksClass
    assert refusal_of("Tartan7lunar") is None
    assert refusal_of("Trt4n-Lu") is None
    assert refusal_of("Trt4n-L") is PasswordTooShort


@pytest.mark.parametrize("character", "_@#$%&*()")
def test_punctuation_is_welcome_everywhere(
    app: Flask, under_profile: Market, character: str
) -> None:
    under_profile("lt-business")
    assert refusal_of(f"Tart4n{character}Lunar") is None


@pytest.mark.parametrize("market", ["default", "br-portal", "br-grants", "es-managers"])
def test_other_markets_ask_for_length_alone(app: Flask, under_profile: Market, market: str) -> None:
    under_profile(market)
    assert policy.required_classes() == ()
    assert policy.minimum_length(has_factor=False) == 15


@pytest.mark.parametrize(
    "password", [DEAREST[:256], DEAREST[3:259], "a" * 256, "İ" * 256, "1/1/2001" * 32]
)
def test_nobody_burns_our_time_with_a_password(app: Flask, password: str) -> None:
    guessing.is_easy("load the words")
    started = time.process_time()
    guessing.is_easy(password)
    assert time.process_time() - started < 0.5


@settings(deadline=None)
@given(st.text(max_size=300))
def test_judging_never_fails_and_typing_it_twice_is_no_better(password: str) -> None:
    assert guessing.is_easy(password * 2) == guessing.is_easy(password)
    words = guessing.words_of("Joana Prado", "529.982.247-25", "j@x.lt", "")
    assert guessing.is_made_of(password, words) in (True, False)


@given(st.text(min_size=1, max_size=40))
def test_whatever_composes_the_characters_the_judgement_is_the_same(password: str) -> None:
    words = guessing.words_of("Joana Prado")
    judged = {
        guessing.is_made_of(unicodedata.normalize(form, password), words) for form in ("NFC", "NFD")
    }
    assert len(judged) == 1


def test_what_is_too_short_to_say_anything_is_no_word_of_anybody() -> None:
    assert guessing.words_of("Eva de la O") == ["evadelao", "eva"]


def test_managers_and_people_are_told_the_rules(app: Flask, under_profile: Market) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert policy.rules() == "minlength: 15; maxlength: 256;"
        assert "At least 15 characters" in wording.hint()
        assert "At least 8 characters" in wording.hint(has_factor=True)
        under_profile("lt-business")
        assert policy.rules().endswith("required: upper; required: lower; required: digit;")
        assert "a capital letter, a small letter, and a digit" in wording.hint()
