"""Browsers that are known: what their cookie is worth, when they are forgotten, what is told."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from idp import clock
from idp.accounts import locking, purging
from idp.accounts.data import erasure
from idp.accounts.models import Account
from idp.accounts.sign_in import known_devices
from idp.accounts.sign_in.devices import approximate
from idp.accounts.sign_in.models import KnownDevice
from idp.audit import SYSTEM
from idp.extensions import db, transaction
from idp.identifiers import digest
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import post
from tests.factories.accounts import PASSWORD, an_account, joao

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAY = timedelta(days=1)


def sign_in(client: FlaskClient, identifier: str = "52998224725") -> None:
    data = {"identifier": identifier, "password": PASSWORD}
    response = post(
        client,
        "/login?again=1",
        data,
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
        headers={"User-Agent": FIREFOX},
    )
    assert response.status_code == 303, response.text


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(known_devices.cookie_name())
    assert cookie is not None
    return cookie.value


def devices() -> list[KnownDevice]:
    return list(db.session.scalars(select(KnownDevice).order_by(KnownDevice.id)))


def mails() -> list[Mail]:
    return list(db.session.scalars(select(Mail).where(Mail.template == "sign_in_new_device")))


def long_active(**values: Any) -> Account:
    return an_account(activated_at=clock.now() - timedelta(days=90), **values)


@pytest.fixture
def here(app: Flask) -> Iterator[FlaskClient]:
    """A browser whose request is going on: for what is asked of `known_devices` itself."""
    client = app.test_client()
    an_account()
    sign_in(client)
    headers = {"Cookie": f"{known_devices.cookie_name()}={cookie_of(client)}"}
    with app.test_request_context(headers=headers):
        yield client


def test_the_first_sign_in_makes_the_browser_known(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    sign_in(client)
    (device,) = devices()
    assert device.account_id == account.id
    assert device.token_hash == digest(cookie_of(client))
    assert device.remembered_until is None


def test_a_known_browser_keeps_its_secret(app: Flask, client: FlaskClient) -> None:
    an_account()
    sign_in(client)
    before = cookie_of(client)
    sign_in(client)
    assert cookie_of(client) == before
    assert len(devices()) == 1


def test_the_cookie_is_closed_to_scripts_and_other_sites(app: Flask, client: FlaskClient) -> None:
    an_account()
    sign_in(client)
    cookie = client.get_cookie(known_devices.cookie_name())
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.path == "/"
    assert cookie.max_age == 400 * 86400


def test_a_refused_sign_in_makes_nothing_known(app: Flask, client: FlaskClient) -> None:
    an_account()
    post(client, "/login", {"identifier": "52998224725", "password": "wrong"})
    assert devices() == []
    assert client.get_cookie(known_devices.cookie_name()) is None


def test_a_planted_cookie_is_worth_nothing_once_its_victim_signs_in(
    app: Flask, client: FlaskClient
) -> None:
    """The attacker makes a cookie good with an account of their own, then plants it."""
    an_account()
    joao()
    attacker = app.test_client()
    sign_in(attacker, "39053344705")
    planted = cookie_of(attacker)
    client.set_cookie(known_devices.cookie_name(), planted)
    sign_in(client)
    assert cookie_of(client) != planted
    assert digest(planted) not in {each.token_hash for each in devices()}


def test_two_people_of_one_browser_are_both_known_on_it(app: Flask, client: FlaskClient) -> None:
    long_active()
    joao(activated_at=clock.now() - timedelta(days=90))
    for identifier in ("52998224725", "39053344705", "52998224725", "39053344705"):
        sign_in(client, identifier)
    assert {each.token_hash for each in devices()} == {digest(cookie_of(client))}
    assert len(devices()) == 2
    assert len(mails()) == 2


def test_the_day_of_use_is_noted_and_the_cookie_lives_on(app: Flask, client: FlaskClient) -> None:
    an_account()
    sign_in(client)
    db.session.execute(update(KnownDevice).values(last_used_at=clock.now() - 2 * DAY))
    db.session.commit()
    sign_in(client)
    (device,) = devices()
    assert clock.now() - device.last_used_at < DAY


def test_remembering_is_for_this_browser_and_thirty_days(here: FlaskClient) -> None:
    account_id = devices()[0].account_id
    at = clock.now()
    assert not known_devices.is_remembered(account_id, at)
    known_devices.remember(account_id, at)
    assert known_devices.is_remembered(account_id, at + 29 * DAY)
    assert not known_devices.is_remembered(account_id, at + 30 * DAY)
    assert not known_devices.is_remembered(account_id + 1, at)


def test_another_browser_is_not_remembered(app: Flask, here: FlaskClient) -> None:
    account_id, at = devices()[0].account_id, clock.now()
    known_devices.remember(account_id, at)
    for headers in ({}, {"Cookie": f"{known_devices.cookie_name()}=another"}):
        with app.test_request_context(headers=headers):
            assert not known_devices.is_remembered(account_id, at)


def test_a_changed_password_forgets_every_other_device(app: Flask, client: FlaskClient) -> None:
    an_account()
    sign_in(app.test_client())
    sign_in(client)
    db.session.execute(update(KnownDevice).values(remembered_until=clock.now() + DAY))
    db.session.commit()
    new = "seven blue umbrellas dancing"
    change = {"current_password": PASSWORD, "password": new, "password_confirmation": new}
    assert post(client, "/account/security/password", change).status_code == 303
    assert [each.token_hash for each in devices()] == [digest(cookie_of(client))]


def test_ending_a_session_elsewhere_has_the_factor_asked_for_there(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    sign_in(app.test_client())
    sign_in(client)
    db.session.execute(update(KnownDevice).values(remembered_until=clock.now() + DAY))
    db.session.commit()
    assert post(client, "/account/sessions/others").status_code == 303
    remembered = {each.token_hash: each.remembered_until is not None for each in devices()}
    assert remembered.pop(digest(cookie_of(client)))
    assert list(remembered.values()) == [False]


@pytest.mark.parametrize("how", ["lock", "erase"])
def test_a_locked_or_erased_account_knows_no_device(
    app: Flask, client: FlaskClient, how: str
) -> None:
    account = an_account()
    sign_in(client)
    with transaction():
        if how == "lock":
            locking.lock(account, by=SYSTEM, at=clock.now(), reason="test")
        else:
            erasure.erase(account, by=account.actor, at=clock.now())
    assert devices() == []


def test_what_is_not_used_for_400_days_is_forgotten(app: Flask, client: FlaskClient) -> None:
    an_account()
    sign_in(client)
    purging.purge(clock.now() + timedelta(days=399))
    assert len(devices()) == 1
    purging.purge(clock.now() + timedelta(days=401))
    assert devices() == []


def test_the_first_sign_in_after_the_activation_is_not_told(
    app: Flask, client: FlaskClient
) -> None:
    an_account()
    sign_in(client)
    assert mails() == []


def test_a_new_device_is_told_of_once(app: Flask, client: FlaskClient) -> None:
    an_account()
    sign_in(client)
    other = app.test_client()
    for _n in range(2):
        sign_in(other)
    (mail,) = mails()
    assert mail.recipient_address == "maria@example.com"
    assert mail.context["browser"] == "Firefox"
    assert mail.context["network"] == "192.0.2.…"
    assert "77" not in str(mail.context["network"])


@pytest.mark.parametrize(
    "since", [{"activated_at": timedelta(days=8)}, {"password_changed_at": timedelta(days=-1)}]
)
def test_whoever_was_active_before_or_has_a_new_password_is_told_of_the_first_device_too(
    app: Flask, client: FlaskClient, since: dict[str, timedelta]
) -> None:
    """A thief who took the mailbox and set a password signs in where nothing is known."""
    moments: dict[str, Any] = {name: clock.now() - age for name, age in since.items()}
    an_account(**moments)
    sign_in(client)
    assert len(mails()) == 1


@pytest.mark.parametrize("locale", ["en", "pt-BR", "es", "ca", "lt", "fr"])
def test_the_mail_says_what_when_where_and_what_to_do(
    app: Flask, client: FlaskClient, locale: str
) -> None:
    long_active(locale=locale)
    sign_in(client)
    (mail,) = mails()
    message = render(mail)
    for body in (message.text, message.html):
        assert "Firefox" in body
        assert "192.0.2.…" in body
        assert "/account/security/password" in body
        assert "/recover" in body
        assert "192.0.2.77" not in body


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.…"),
        ("2001:db8:0:12::7", "2001:db8:0:…"),
        ("::1", "0:0:0:…"),
        (None, ""),
    ],
)
def test_a_network_is_named_without_the_address(address: str | None, network: str) -> None:
    assert approximate(address) == network
