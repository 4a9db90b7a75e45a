"""Every market's people and installations, as `make run` makes them."""

from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings, profiles
from config.market import PROOFS
from demo import credentials, data, people, settings
from demo.home import Home, home_of
from idp import clock
from idp.accounts.models import Account
from idp.accounts.passwords import policy, verify
from idp.accounts.registration import proving
from idp.extensions import db
from idp.registry.models import Holder

MARKETS = sorted(people.CASTS)
Change = Callable[[str], None]


@pytest.fixture
def seeded(
    app: Flask, under_profile: Change, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], people.Cast]:
    """Call it with a market: its demo's data is there, as after the first start."""
    for name in (*credentials.RANDOM, *credentials.TOTP):
        monkeypatch.setenv(name, pyotp.random_base32())
    monkeypatch.setenv("APPLICATION", "http://localhost:8001")

    def seed(market: str) -> people.Cast:
        under_profile(market)
        data.seed(clock.now())
        db.session.commit()
        return people.CASTS[market]

    return seed


def rows(model: type[Account] | type[Holder]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_every_profile_has_people() -> None:
    assert profiles.names() == MARKETS


@pytest.mark.parametrize("market", MARKETS)
def test_everybody_may_register_or_sign_in_there(market: str) -> None:
    taken = Settings.from_environment({"MODE": "demo", "IDP_PROFILE": market}).tax_id_schemes
    for part in people.CASTS[market].parts:
        scheme = part.customer.scheme
        assert scheme in taken or ("passport" in taken and scheme.endswith(":passport"))


def test_no_market_finds_the_data_of_another() -> None:
    roots = {home_of(market, people.DEFAULT).root for market in MARKETS}
    assert len(roots) == len(MARKETS)
    assert Home().root in roots


def test_every_market_has_a_name_of_its_own() -> None:
    brands = [settings.brand_of(market) for market in MARKETS]
    assert len(set(brands)) == len(brands)


@pytest.mark.parametrize("market", MARKETS)
def test_a_market_begins_with_its_people_and_a_second_start_changes_nothing(
    market: str, seeded: Callable[[str], people.Cast]
) -> None:
    cast = seeded(market)
    before = rows(Account), rows(Holder)
    assert before[0] == len(cast.accounts) > 0
    seeded(market)
    assert (rows(Account), rows(Holder)) == before


@pytest.mark.parametrize("market", MARKETS)
def test_the_password_is_one_that_the_market_takes(
    market: str, seeded: Callable[[str], people.Cast]
) -> None:
    cast = seeded(market)
    for part in cast.parts:
        customer = part.customer
        policy.check(
            cast.password,
            tax_id=customer.party,
            email=customer.email,
            name=customer.name,
            has_factor=False,
        )
    for account in db.session.scalars(select(Account)):
        assert verify(account.password_hash, cast.password)


@pytest.mark.parametrize("market", MARKETS)
def test_what_newcomers_know_proves_that_they_are_the_holder(
    market: str, seeded: Callable[[str], people.Cast]
) -> None:
    for part in seeded(market).parts:
        for kind, value in part.facts:
            assert kind in PROOFS
            assert proving.proofs[kind](part.customer.party, value)
            assert not proving.proofs[kind](people.GLORIA.party, value)
