"""Browser sessions and confirmations, over every page: when they end and what they are good for."""

from datetime import timedelta
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.sessions import cookie_name
from tests.browsing import csrf_token, post, sign_in_as
from tests.factories.accounts import PASSWORD, an_account
from tests.security.test_every_page import path_of, rules
from tests.world import Visitor, a_world

# What somebody may change in a session in which the password was typed some time ago.
WITHOUT_CONFIRMATION = {
    "/account/confirm",
    "/account/confirm/factor",
    "/account/confirm/passkey",
    "/account/confirm/passkey/challenge",
    "/account/profile/language",
    "/account/security/password",  # asks for the current one itself
}


def test_a_session_ends_after_its_full_age_however_busy(app: Flask, client: FlaskClient) -> None:
    at = clock.now()
    sign_in_as(client, an_account(), created_at=at, expires_at=at + timedelta(seconds=-1))
    assert client.get("/account").location == "/login?next=/account"


def test_confirming_the_password_ends_the_token_of_before(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    before = client.get_cookie(cookie_name())
    post(client, "/account/confirm", {"password": PASSWORD})
    assert client.get("/account").status_code == HTTPStatus.OK
    assert before is not None
    thief = app.test_client()
    thief.set_cookie(cookie_name(), before.value)
    assert thief.get("/account").location == "/login?next=/account"


def test_somebody_may_be_signed_in_in_many_browsers_and_sees_them_all(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account()
    for _number in range(12):
        sign_in_as(app.test_client(), account)
    sign_in_as(client, account)
    assert client.get("/account/sessions").text.count("End this one") == 12


def test_nothing_of_the_account_itself_changes_without_a_confirmation(
    app: Flask, client: FlaskClient
) -> None:
    sign_in_as(client, an_account(), authenticated_at=clock.now() - timedelta(hours=1))
    headers = {"X-CSRFToken": csrf_token(client, "/account/sessions")}
    free = set()
    for rule in rules(app, {"POST"}):
        if rule.endpoint.startswith("accounts.") and rule.rule.startswith("/account"):
            answer = client.post(path_of(rule), headers=headers)
            if not (answer.location or "").startswith("/account/confirm?next="):
                free.add(rule.rule)
    assert free == WITHOUT_CONFIRMATION


def test_the_way_out_is_on_every_page(app: Flask) -> None:
    world = a_world(app)
    seen = 0
    for rule in rules(app, {"GET"}):
        for address in world.addresses(rule):
            answer = world.send(Visitor.HOLDER, "GET", address)
            if answer.status_code == HTTPStatus.OK and answer.mimetype == "text/html":
                way = "/admin/logout" if address.startswith("/admin/") else "/sign-out"
                assert f'action="{way}"' in answer.text, address
                seen += 1
    assert seen > 50
