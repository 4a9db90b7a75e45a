"""The links about a change of address: confirm it, undo it, and what an attacker may try."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock, signing
from idp.accounts.lookup import find_credentials
from idp.accounts.models import Account, BrowserSession, PasswordReset
from idp.accounts.passwords import verify
from idp.accounts.recovery.models import EmailChange, Origin
from idp.audit import history_of
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import heading_of, post, sign_in_as
from tests.factories.accounts import PASSWORD, a_reset, an_account, joao
from tests.factories.mail import queued
from tests.factories.recovery import (
    NEW,
    a_confirmed_change,
    an_app,
    an_email_change,
    confirmation_path,
    undo_path,
)

OLD = "maria@example.com"
ANEW = {"password": "seven blue umbrellas dancing"}
BOTH = {**ANEW, "password_confirmation": ANEW["password"]}


def email_of(account: Account) -> str:
    db.session.refresh(account)
    return account.email


def pressed(client: FlaskClient, path: str) -> TestResponse:
    """The button, pressed by somebody who may not be shown it any more."""
    return post(client, path, form_path="/recover")


def test_opening_a_link_changes_nothing(client: FlaskClient) -> None:
    account = an_account()
    change = an_email_change(account)
    for path in (confirmation_path(change), undo_path(change)):
        assert client.get(path).status_code == 200
    assert email_of(account) == OLD
    db.session.refresh(change)
    assert (change.confirmed_at, change.undone_at) == (None, None)


def test_confirming_tells_both_and_voids_what_the_old_mailbox_got(client: FlaskClient) -> None:
    account = an_account()
    reset = a_reset(account)
    change = an_email_change(account)
    assert pressed(client, confirmation_path(change)).location == "/email/confirmed"
    assert email_of(account) == NEW
    assert queued() == [("email_changed", OLD), ("email_in_use", NEW)]
    db.session.refresh(reset)
    assert reset.used_at is not None
    assert [each.event for each in history_of("account", account.public_id)] == ["email.changed"]


def test_a_confirmation_works_once(client: FlaskClient) -> None:
    change = an_email_change(an_account())
    pressed(client, confirmation_path(change))
    assert client.get(confirmation_path(change)).status_code == 409
    assert pressed(client, confirmation_path(change)).status_code == 409
    assert len(queued()) == 2


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"expires_at": clock.now() - timedelta(seconds=1)}, 410),
        ({"ended_at": clock.now()}, 410),
        ({"opens_at": clock.now() + timedelta(hours=1), "origin": Origin.STAFF}, 409),
    ],
)
def test_a_change_that_is_over_or_waits_is_not_confirmed(
    client: FlaskClient, changed: dict[str, Any], status: int
) -> None:
    account = an_account()
    change = an_email_change(account, **changed)
    assert pressed(client, confirmation_path(change)).status_code == status
    assert email_of(account) == OLD


def test_what_staff_entered_says_from_when_it_can_be_confirmed(client: FlaskClient) -> None:
    change = an_email_change(an_account(), opens_at=clock.now() + timedelta(hours=1))
    page = client.get(confirmation_path(change))
    assert (page.status_code, heading_of(page)) == (200, "A little patience")
    assert "email-confirm" not in page.text


@pytest.mark.parametrize("purpose", ["email_undo", "reset", "activation", "factor_removal"])
def test_a_link_is_good_for_its_own_purpose_alone(client: FlaskClient, purpose: str) -> None:
    change = an_email_change(an_account())
    token = signing.sign(purpose, change.public_id)
    assert client.get(f"/email/confirmation/{token}").status_code == 404
    assert pressed(client, f"/email/confirmation/{token}").status_code == 404


@pytest.mark.parametrize("path", ["/email/confirmation/", "/email/undo/"])
@pytest.mark.parametrize("token", ["x", "InBfeCI.AAAA", "a" * 5000, "%00"])
def test_a_mangled_link_is_unknown(client: FlaskClient, path: str, token: str) -> None:
    assert client.get(path + token).status_code == 404
    assert pressed(client, path + token).status_code == 404


def test_a_locked_account_changes_nothing(client: FlaskClient) -> None:
    account = an_account()
    pending = an_email_change(account)
    account.locked_at = clock.now()
    db.session.commit()
    for path in (confirmation_path(pending), undo_path(pending)):
        assert client.get(path).status_code == 410
        assert pressed(client, path).status_code == 410
    assert email_of(account) == OLD


def test_a_new_password_ends_what_somebody_asked_for_with_the_old_one(client: FlaskClient) -> None:
    account = an_account()
    change = an_email_change(account)
    token = signing.sign("reset", a_reset(account).public_id)
    post(client, f"/reset/{token}", BOTH)
    assert pressed(client, confirmation_path(change)).status_code == 410
    assert email_of(account) == OLD


# Addresses that are all that people sign in with


def test_where_the_address_is_the_name_nobody_takes_anothers(
    client: FlaskClient, under_profile: Callable[[str], None]
) -> None:
    under_profile("lt-business")
    account = an_account()
    joao(email=NEW)
    page = pressed(client, confirmation_path(an_email_change(account)))
    assert page.status_code == 409
    assert "João" not in page.text
    assert email_of(account) == OLD


def test_nor_one_that_somebody_may_still_go_back_to(
    client: FlaskClient, under_profile: Callable[[str], None]
) -> None:
    under_profile("lt-business")
    a_confirmed_change(joao(email=NEW), "joao.novo@example.org")
    change = an_email_change(an_account())
    assert pressed(client, confirmation_path(change)).status_code == 409


def test_elsewhere_a_family_may_share_one(client: FlaskClient) -> None:
    account = an_account()
    joao(email=NEW)
    pressed(client, confirmation_path(an_email_change(account)))
    assert email_of(account) == NEW


# Undoing


def test_the_old_address_takes_the_account_back(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    thief = sign_in_as(app.test_client(), account)
    change = a_confirmed_change(account)
    to_thief = a_reset(account)
    response = pressed(client, undo_path(change))
    assert response.location.startswith("/reset/")
    assert email_of(account) == OLD
    assert not verify(account.password_hash, PASSWORD)
    for row in (thief, to_thief):
        db.session.refresh(row)
    assert thief.ended_at is not None
    assert to_thief.used_at is not None
    assert queued() == [("email_change_undone", NEW), ("account_reset", OLD)]
    page = client.get(response.location)
    assert "the old one again" in page.text
    assert post(client, response.location, BOTH).location == "/recover/done"
    db.session.refresh(account)
    assert verify(account.password_hash, ANEW["password"])


def test_nobody_signs_in_between_undoing_and_the_new_password(client: FlaskClient) -> None:
    account = an_account()
    pressed(client, undo_path(a_confirmed_change(account)))
    for password in (PASSWORD, " "):
        answer = post(client, "/login", {"identifier": "529.982.247-25", "password": password})
        assert answer.status_code == 422
    credentials = find_credentials(account.tax_id)
    assert credentials is not None
    assert credentials.password_hash == ""


def test_undoing_works_once_and_says_so(client: FlaskClient) -> None:
    change = a_confirmed_change(an_account())
    pressed(client, undo_path(change))
    assert client.get(undo_path(change)).status_code == 409
    assert pressed(client, undo_path(change)).status_code == 409
    assert db.session.scalars(select(PasswordReset)).all() != []
    assert len(queued()) == 2


def test_after_a_week_it_is_too_late(client: FlaskClient) -> None:
    account = an_account()
    change = a_confirmed_change(account, at=clock.now() - timedelta(days=7))
    assert client.get(undo_path(change)).status_code == 410
    assert pressed(client, undo_path(change)).status_code == 410
    assert email_of(account) == NEW


def test_a_change_that_is_not_yet_confirmed_is_stopped_for_good(client: FlaskClient) -> None:
    account = an_account()
    change = an_email_change(account)
    assert pressed(client, undo_path(change)).location.startswith("/reset/")
    assert pressed(client, confirmation_path(change)).status_code == 410
    assert email_of(account) == OLD
    assert not verify(account.password_hash, PASSWORD)
    assert queued() == [("account_reset", OLD)]  # the address on record was never another


def test_of_several_changes_the_oldest_address_wins(client: FlaskClient) -> None:
    account = an_account()
    first = a_confirmed_change(account, "thief@example.org")
    second = a_confirmed_change(account, "thief2@example.org")
    pressed(client, undo_path(first))
    assert email_of(account) == OLD
    assert pressed(client, undo_path(second)).status_code == 409
    assert email_of(account) == OLD


def test_an_earlier_change_of_ones_own_can_still_be_undone(client: FlaskClient) -> None:
    account = an_account()
    first = a_confirmed_change(account)
    second = a_confirmed_change(account, "thief@example.org")
    pressed(client, undo_path(second))
    assert email_of(account) == NEW
    pressed(client, undo_path(first))
    assert email_of(account) == OLD


def test_the_link_of_a_change_that_was_replaced_undoes_what_came_after(
    client: FlaskClient,
) -> None:
    account = an_account()
    replaced = an_email_change(account, "thief@example.org", ended_at=clock.now())
    a_confirmed_change(account, "thief2@example.org")
    pressed(client, undo_path(replaced))
    assert email_of(account) == OLD


def test_undoing_skips_no_second_factor(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    response = pressed(client, undo_path(a_confirmed_change(account)))
    post(client, response.location, BOTH)
    answer = post(client, "/login", {"identifier": "529.982.247-25", **ANEW})
    assert answer.location.startswith("/login/factor")
    live = select(BrowserSession).where(BrowserSession.ended_at.is_(None))
    assert db.session.scalars(live).all() == []


def test_undoing_is_refused_where_the_old_address_has_become_anothers_name(
    client: FlaskClient, under_profile: Callable[[str], None]
) -> None:
    account = an_account()
    change = a_confirmed_change(account)
    joao(email=OLD)
    under_profile("lt-business")
    assert pressed(client, undo_path(change)).status_code == 409
    assert email_of(account) == NEW


# Mails


@pytest.mark.parametrize("locale", ["en", "pt-BR", "es", "ca", "lt", "fr"])
@pytest.mark.parametrize("origin", list(Origin))
def test_the_mails_hold_the_links_and_never_the_new_address(
    app: Flask, client: FlaskClient, locale: str, origin: Origin
) -> None:
    account = an_account(name="Maria & Ana", locale=locale)
    sign_in_as(client, account)
    post(client, "/account/email", {"new_email": NEW})
    change = db.session.scalars(select(EmailChange)).one()
    change.origin = origin
    db.session.commit()
    pressed(client, confirmation_path(change))
    issuer = app.config["ISSUER"]
    undo, confirm = issuer + undo_path(change), issuer + confirmation_path(change)
    links = {
        "email_confirmation": confirm,
        "email_change_requested": undo,
        "email_changed": undo,
        "email_in_use": "",
    }
    found = {mail.template: mail for mail in db.session.scalars(select(Mail))}
    assert set(found) == set(links)
    for template, link in links.items():
        rendered = render(found[template])
        assert link in rendered.text
        assert link in rendered.html
        assert "Maria & Ana" in rendered.text
        assert "Maria &amp; Ana" in rendered.html
        assert NEW not in rendered.text
