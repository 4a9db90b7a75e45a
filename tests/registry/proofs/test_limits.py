"""Guessing what shows the holder, as somebody would who has time and many addresses."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from idp.accounts.registration import proving
from idp.errors import TooManyAttempts
from idp.registry.models import FactKind
from idp.taxids import TaxId
from tests.factories.registry import a_fact, an_installation
from tests.together import at_once

MARIA, JOAO = (TaxId.parse_canonical(f"br:cpf:{each}") for each in ("52998224725", "39053344705"))

Guess = Callable[..., bool]


def guess(
    app: Flask, facts: dict[str, str], *, of: TaxId = MARIA, address: str = "", inside: bool = False
) -> bool:
    """Whether a try was allowed."""
    environ = {"REMOTE_ADDR": address or "192.0.2.1"}
    with app.test_request_context(environ_base=environ):
        try:
            proving.assurance_of(of, facts, is_signed_in=inside)
        except TooManyAttempts:
            return False
        return True


def addresses(count: int) -> list[str]:
    return [f"198.51.{number // 256}.{number % 256}" for number in range(count)]


@pytest.mark.parametrize("facts", [{"bank_digits": "1"}, {"invoice_total": "1"}])
def test_many_addresses_are_no_more_tries_of_one_tax_id(app: Flask, facts: dict[str, str]) -> None:
    allowed = sum(guess(app, facts, address=address) for address in addresses(40))
    assert allowed == app.config["GUESSES_PER_TAX_ID"]


def test_another_fact_that_can_be_guessed_is_no_new_allowance(app: Flask) -> None:
    facts = [{kind: "1"} for kind in ("bank_digits", "invoice_total")] * 5
    allowed = sum(guess(app, each) for each in facts)
    assert allowed == app.config["GUESSES_PER_TAX_ID"]


def test_several_facts_at_once_are_one_try(app: Flask) -> None:
    both = {"bank_digits": "1", "invoice_total": "1", "contract_number": "1"}
    assert sum(guess(app, both) for _ in range(9)) == app.config["GUESSES_PER_TAX_ID"]


def test_one_address_does_not_get_far_with_many_tax_ids(app: Flask) -> None:
    parties = [TaxId("fr", "passport", f"{number:09}") for number in range(40)]
    allowed = sum(guess(app, {"bank_digits": "1"}, of=party) for party in parties)
    assert allowed == app.config["GUESSES_PER_ADDRESS"]


def test_many_addresses_with_many_tax_ids_meet_the_limit_of_all(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "GUESSES_PER_DEPLOYMENT", 25)
    allowed = 0
    for number, address in enumerate(addresses(60)):
        party = TaxId("fr", "passport", f"{number:09}")
        allowed += guess(app, {"bank_digits": "1"}, of=party, address=address)
    assert allowed == 25
    assert guess(app, {"contract_number": "1"}, address="203.0.113.9")


def test_tries_refused_to_one_do_not_use_up_those_of_all(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "GUESSES_PER_DEPLOYMENT", 5)
    for _ in range(20):
        guess(app, {"bank_digits": "1"})
    assert guess(app, {"bank_digits": "1"}, of=JOAO, address="203.0.113.9")


@pytest.mark.parametrize("facts", [{"bank_digits": "1"}, {"contract_number": "1"}])
def test_strangers_can_not_use_up_the_tries_of_who_is_signed_in(
    app: Flask, facts: dict[str, str]
) -> None:
    for address in addresses(30):
        guess(app, facts, address=address)
    assert not guess(app, facts, address="203.0.113.9")
    assert guess(app, facts, address="203.0.113.9", inside=True)


def test_limits_are_the_same_for_who_is_no_customer(app: Flask) -> None:
    a_fact(an_installation(MARIA), FactKind.BANK_DIGITS, "4321")
    tries = range(10)
    known = [guess(app, {"bank_digits": "1"}, of=MARIA) for _ in tries]
    unknown = [guess(app, {"bank_digits": "1"}, of=JOAO, address="203.0.113.9") for _ in tries]
    assert known == unknown


def test_of_many_guesses_at_once_no_more_are_allowed_than_one_after_another(
    committed_app: Flask,
) -> None:

    def attack(address: str) -> list[bool]:
        return [guess(committed_app, {"bank_digits": "1"}, address=address) for _ in range(4)]

    attacks = at_once(*[partial(attack, address) for address in addresses(8)])
    assert sum(sum(allowed) for allowed in attacks) == committed_app.config["GUESSES_PER_TAX_ID"]
