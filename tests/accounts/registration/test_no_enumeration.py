"""Nobody learns from a market's form who is known, page by page."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from idp.accounts.models import Account
from idp.accounts.registration import proving
from idp.extensions import db
from idp.mail.models import Mail
from tests.accounts.test_no_enumeration import Counting, counted, shape
from tests.browsing import csrf_token
from tests.factories.accounts import an_account
from tests.factories.registration import CUSTOMER_OF
from tests.statements import statements_sent

__all__ = ["counted"]  # a fixture
MARKETS = sorted(CUSTOMER_OF)
TAX_IDS = {"lt-business": "lt:code:304151376", "es-managers": "es:nif:12345678Z"}


def by_tax_id(market: str) -> None:
    an_account(TAX_IDS.get(market, "br:cpf:52998224725"), email="old@example.com")


def by_address(market: str) -> None:
    others = {"lt-business": "lt:code:110000003", "es-managers": "es:nie:X1234567L"}
    an_account(others.get(market, "br:cpf:39053344705"), email=email_of(market))


def email_of(market: str) -> str:
    return next(page["email"] for page in CUSTOMER_OF[market] if "email" in page).lower()


def walk(app: Flask, market: str) -> list[tuple[object, ...]]:
    """What each page answers, in a new browser."""
    client = app.test_client()
    found = []
    for number, typed in enumerate(CUSTOMER_OF[market], start=1):
        path = "/register" if number == 1 else f"/register/steps/{number}"
        token = csrf_token(client, path)
        found.append(shape(client.post(path, data={**typed, "csrf_token": token})))
    return [*found, shape(client.get("/register/sent"))]


@pytest.mark.parametrize("known", [by_tax_id, by_address])
@pytest.mark.parametrize("market", MARKETS)
def test_pages_mails_and_hashes_are_the_same_whoever_is_known(
    app: Flask,
    under_profile: Callable[[str], None],
    counted: Counting,
    market: str,
    known: Callable[[str], None],
) -> None:
    under_profile(market)
    unknown = walk(app, market)
    hashes, asked = counted.hashed, market != "lt-business"
    assert hashes == int(asked), "one, where the form asks for a password"
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    known(market)
    before = counted.hashed
    assert walk(app, market) == unknown
    assert counted.hashed - before == hashes
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 2


@pytest.mark.parametrize("market", MARKETS)
def test_the_database_is_asked_the_same_number_of_things(
    app: Flask, under_profile: Callable[[str], None], market: str
) -> None:
    under_profile(market)
    walk(app, market)
    with statements_sent() as unknown:
        walk(app, market)
    by_tax_id(market)
    with statements_sent() as known:
        walk(app, market)
    assert len(known) == len(unknown)


@pytest.mark.parametrize("right", [True, False])
def test_a_fact_that_is_right_is_told_by_nothing(
    app: Flask,
    under_profile: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    right: bool,
) -> None:
    under_profile("es-managers")
    for name in ("bank_digits", "invoice_total"):
        monkeypatch.setitem(proving.proofs, name, lambda _tax_id, _typed: right)
    answers = walk(app, "es-managers")
    monkeypatch.setitem(proving.proofs, "bank_digits", lambda _tax_id, _typed: not right)
    assert walk(app, "es-managers") == answers


def test_used_up_tries_are_told_by_nothing(
    app: Flask, under_profile: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    under_profile("es-managers")
    monkeypatch.setitem(app.config, "MAILS_PER_ADDRESS", 100)
    answers = [walk(app, "es-managers") for _each in range(5)]
    assert all(each == answers[0] for each in answers)


def test_the_mail_about_an_address_goes_to_it_alone(
    app: Flask, under_profile: Callable[[str], None]
) -> None:
    under_profile("lt-business")
    by_address("lt-business")
    walk(app, "lt-business")
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.recipient_address) == ("account_exists", "ona@example.lt")
    db.session.execute(delete(Mail))
    db.session.execute(delete(Account))
    by_tax_id("lt-business")
    walk(app, "lt-business")
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.recipient_address) == ("account_exists", "old@example.com")
