"""The password is known, the mailbox is lost: a link to the new address, a warning to the old."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account
from idp.accounts.recovery.models import EmailChange, Origin
from idp.extensions import db
from tests.browsing import errors_of, post, values_of
from tests.factories.accounts import PASSWORD, an_account
from tests.factories.mail import queued
from tests.factories.recovery import NEW, an_app, confirmation_path

PATH = "/recover/change-email"
SENT = f"{PATH}/sent"
RIGHT = {"tax_id": "529.982.247-25", "password": PASSWORD, "new_email": NEW}


def asked(client: FlaskClient, **changes: str) -> TestResponse:
    return post(client, PATH, {**RIGHT, **changes})


def the_change() -> EmailChange:
    return db.session.scalars(select(EmailChange)).one()


def test_the_right_password_writes_to_both_addresses_and_changes_nothing_yet(
    client: FlaskClient,
) -> None:
    account = an_account()
    assert asked(client).location == SENT
    assert queued() == [
        ("email_confirmation", NEW),
        ("email_change_requested", "maria@example.com"),
    ]
    assert the_change().origin is Origin.RECOVERY
    assert db.session.get_one(Account, account.id).email == "maria@example.com"


def test_the_link_at_the_new_address_makes_it_the_address(client: FlaskClient) -> None:
    account = an_account()
    asked(client)
    assert post(client, confirmation_path(the_change())).location == "/email/confirmed"
    assert db.session.get_one(Account, account.id).email == NEW
    assert client.get("/account").status_code == 302  # nobody was signed in by it


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "not the password"},
        {"password": "x" * 10_000},
        {"tax_id": "390.533.447-05"},
        {"new_email": "maria@example.com"},
    ],
)
def test_anything_wrong_is_answered_alike_and_writes_to_nobody(
    client: FlaskClient, changes: dict[str, str]
) -> None:
    an_account()
    assert asked(client, **changes).location == SENT
    assert queued() == []


def test_a_locked_account_is_answered_alike(client: FlaskClient) -> None:
    an_account(locked_at=clock.now())
    assert asked(client).location == SENT
    assert queued() == []


def test_a_voided_password_opens_nothing(client: FlaskClient) -> None:
    an_account(password_hash="")
    assert asked(client, password=" ").location == SENT
    assert queued() == []


def test_a_second_factor_is_asked_for_before_anything_is_sent(client: FlaskClient) -> None:
    account = an_account()
    an_app(account)
    assert asked(client).location == "/login/factor?next=/account/email"
    assert queued() == []
    assert client.get("/account/email").status_code == 302
    with client.session_transaction() as kept:  # for the form that follows, and nobody else
        path, _at, typed, whose = kept["typed"]
    assert (path, typed["new_email"], whose) == ("/account/email", [NEW], account.public_id)
    assert "password" not in typed


def test_without_the_password_nobody_learns_of_a_second_factor(client: FlaskClient) -> None:
    an_app(an_account())
    assert asked(client, password="not the password").location == SENT


def test_tries_are_those_of_sign_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_account()
    monkeypatch.setitem(app.config, "MAILS_PER_ADDRESS", 100)
    monkeypatch.setitem(app.config, "SIGN_IN_ATTEMPTS_PER_IDENTIFIER", 3)
    wrong = {"password": "not the password"}
    assert [asked(client, **wrong).status_code for _ in range(4)] == [303] * 3 + [429]
    assert asked(client).status_code == 429
    sign_in = {"identifier": RIGHT["tax_id"], "password": PASSWORD}
    assert post(client, "/login", sign_in).status_code == 429


def test_one_mailbox_is_not_filled(client: FlaskClient) -> None:
    an_account()
    answers = [asked(client, new_email=f"victim+{n}@example.com") for n in range(6)]
    assert [each.status_code for each in answers] == [303] * 5 + [429]


@pytest.mark.parametrize(
    ("field", "value"), [("tax_id", "1"), ("password", ""), ("new_email", "x"), ("new_email", "")]
)
def test_what_is_missing_is_named_and_the_password_never_shown(
    client: FlaskClient, field: str, value: str
) -> None:
    response = asked(client, **{field: value})
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    assert PASSWORD not in response.text
    assert values_of(response)["tax_id"] == (value if field == "tax_id" else RIGHT["tax_id"])
