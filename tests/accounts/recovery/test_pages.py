"""Recover an account whose password is forgotten."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock, signing
from idp.accounts import passwords
from idp.accounts.models import Account, BrowserSession, PasswordReset
from idp.accounts.signals import everything_ended
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import PASSWORD, a_reset, an_account, joao

NEW = "seven blue umbrellas dancing"
BOTH = {"password": NEW, "password_confirmation": NEW}
MARIA = {"tax_id": "529.982.247-25", "email": "MARIA@example.com"}


def reset_path(reset: PasswordReset) -> str:
    return f"/reset/{signing.sign('reset', reset.public_id)}"


def templates() -> list[str]:
    return list(db.session.scalars(select(Mail.template).order_by(Mail.id)))


def has_password(account: Account, password: str) -> bool:
    db.session.refresh(account)
    return passwords.verify(account.password_hash, password)


def test_tax_id_and_address_together_send_a_link_that_works(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account()
    response = post(client, "/recover", MARIA)
    assert (response.status_code, response.location) == (303, "/recover/sent")
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.recipient_address) == ("account_reset", "maria@example.com")
    text = render(mail).text
    link = next(line for line in text.splitlines() if "/reset/" in line)
    path = link.removeprefix(app.config["ISSUER"])
    assert post(client, path, BOTH).location == "/recover/done"
    assert has_password(account, NEW)


def test_an_address_of_somebody_else_sends_nothing(app: Flask, client: FlaskClient) -> None:
    an_account()
    joao()
    response = post(client, "/recover", {**MARIA, "email": "joao@example.com"})
    assert (response.status_code, response.location) == (303, "/recover/sent")
    assert templates() == []


def test_a_locked_account_gets_no_link_and_keeps_its_password(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account(locked_at=clock.now())
    post(client, "/recover", MARIA)
    assert templates() == []
    reset = a_reset(account)
    assert client.get(reset_path(reset)).status_code == 410
    assert post(client, reset_path(reset), BOTH, form_path="/login").status_code == 410
    assert has_password(account, PASSWORD)


def test_a_reset_ends_every_session_signs_nobody_in_and_is_told(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account()
    elsewhere = sign_in_as(app.test_client(), account)
    response = post(client, reset_path(a_reset(account)), BOTH, follow_redirects=True)
    assert heading_of(response) == "Your new password is set"
    db.session.refresh(elsewhere)
    assert elsewhere.ended_at is not None
    assert client.get("/account").status_code == 302
    assert templates() == ["password_changed"]


def test_others_hear_that_everything_has_to_end(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    heard: list[object] = []

    def hear(_sender: object, *, account: Account, keep: object, at: object) -> None:
        heard.append((account.public_id, keep))

    with everything_ended.connected_to(hear):
        post(client, reset_path(a_reset(account)), BOTH)
    assert heard == [(account.public_id, None)]


def test_opening_the_link_changes_nothing(app: Flask, client: FlaskClient) -> None:
    reset = a_reset(an_account())
    assert client.get(reset_path(reset)).status_code == 200
    db.session.refresh(reset)
    assert reset.used_at is None


def test_a_link_works_once_and_voids_the_others(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    first, second = a_reset(account), a_reset(account)
    post(client, reset_path(first), BOTH)
    for reset in (first, second):
        other = {"password": PASSWORD, "password_confirmation": PASSWORD}
        response = post(client, reset_path(reset), other, form_path="/login")
        assert response.status_code == 409
        assert "/recover" in links_of(response)
    assert has_password(account, NEW)


def test_an_expired_link_offers_a_new_one(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    reset = a_reset(account, at=clock.now() - timedelta(hours=2))
    for response in (
        client.get(reset_path(reset)),
        post(client, reset_path(reset), BOTH, form_path="/login"),
    ):
        assert response.status_code == 410
        assert "/recover" in links_of(response)
    assert has_password(account, PASSWORD)


@pytest.mark.parametrize("token", ["x", "InBfeCI.AAAA", "a" * 5000, "%00"])
def test_a_mangled_link_is_unknown(client: FlaskClient, token: str) -> None:
    assert client.get(f"/reset/{token}").status_code == 404
    assert post(client, f"/reset/{token}", BOTH, form_path="/login").status_code == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "password"),
        ({"password": "short", "password_confirmation": "short"}, "password"),
        ({"password": "x" * 300, "password_confirmation": "x" * 300}, "password"),
        ({"password": NEW}, "password_confirmation"),
        ({"password": NEW, "password_confirmation": PASSWORD}, "password_confirmation"),
        (dict.fromkeys(("password", "password_confirmation"), "Maria@Example.com"), "password"),
    ],
)
def test_a_bad_new_password_is_named_and_the_link_stays_good(
    app: Flask, client: FlaskClient, data: dict[str, str], field: str
) -> None:
    reset = a_reset(an_account())
    response = post(client, reset_path(reset), data)
    assert response.status_code == 422
    assert list(errors_of(response))[0] == field
    db.session.refresh(reset)
    assert reset.used_at is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("tax_id", "1"), ("tax_id", ""), ("email", ""), ("email", "x"), ("email", "x" * 9999)],
)
def test_recovery_names_what_is_wrong(client: FlaskClient, field: str, value: str) -> None:
    response = post(client, "/recover", {**MARIA, field: value})
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]


def test_asking_again_and_again_is_limited(app: Flask, client: FlaskClient) -> None:
    an_account()
    tries = [post(client, "/recover", MARIA) for _n in range(6)]
    assert [each.status_code for each in tries] == [303] * 5 + [429]
    assert int(tries[-1].headers["Retry-After"]) > 0
    assert len(templates()) == 5


def test_a_reset_leaves_an_account_without_live_sessions(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    post(client, reset_path(a_reset(account)), BOTH)
    live = select(BrowserSession).where(BrowserSession.ended_at.is_(None))
    assert db.session.scalars(live).all() == []
