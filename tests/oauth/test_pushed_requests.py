"""Requests that are kept here under a name, on their way through a person's browser."""

import json
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.errors import TooManyAttempts
from idp.extensions import db
from idp.oauth import purging
from idp.oauth.authorization import pushed
from idp.oauth.authorization.models import PushedRequest
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import PASSWORD, an_account
from tests.factories.oauth import SECRET, a_client, a_public_client
from tests.oauth import flow, pushing
from tests.together import at_once

TYPED = {"identifier": "529.982.247-25", "password": PASSWORD}


def kept() -> PushedRequest:
    """The one request that is there."""
    return db.session.scalars(db.select(PushedRequest)).one()


def test_a_request_survives_the_sign_in_that_it_asks_for(client: FlaskClient) -> None:
    an_account()
    application = a_client()
    sent = pushing.authorize(client, application, prompt="login", login_hint="529.982.247-25")
    page = client.get(sent.headers["Location"])
    assert "Segunda via" in page.text
    assert browsing.values_of(page)["identifier"] == "529.982.247-25"
    signed_in = browsing.post(client, sent.headers["Location"], TYPED)
    consent = client.get(signed_in.headers["Location"])
    answer = flow.answered(flow.agree(client, consent))
    assert flow.exchange(client, application, answer["code"]).status_code == 200


def test_it_may_be_longer_than_an_address_and_the_address_stays_short(client: FlaskClient) -> None:
    an_account()
    codes = [f"{number:060}" for number in range(90)]
    details = [{"type": "installation_access", "installations": codes}] * 3
    application = a_client(first_party=True)
    sent = pushing.authorize(client, application, authorization_details=json.dumps(details))
    following = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    assert len(following) < 500
    signed_in = browsing.post(client, sent.headers["Location"], TYPED)
    answer = flow.answered(client.get(signed_in.headers["Location"]))
    assert answer["error"] == "access_denied"  # none of these is hers


def test_a_name_waits_ninety_seconds_for_a_browser_and_then_an_hour_for_the_person(
    client: FlaskClient,
) -> None:
    application, before = a_client(), clock.now()
    name = pushing.name_of(pushing.push(client, application))
    assert timedelta(seconds=60) <= kept().expires_at - before <= timedelta(seconds=91)
    client.get(pushing.address_of(application, name))
    opened = kept().expires_at
    assert timedelta(minutes=59) <= opened - before <= timedelta(minutes=61)
    client.get(pushing.address_of(application, name))
    assert kept().expires_at == opened  # looking again gives no more time


def test_a_refusal_uses_the_name_too(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    page = pushing.authorize(client, application)
    assert flow.answered(flow.agree(client, page, "deny"))["error"] == "access_denied"
    assert db.session.scalars(db.select(PushedRequest)).all() == []


def test_a_page_that_is_loaded_again_asks_again(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    address = pushing.address_of(application, pushing.name_of(pushing.push(client, application)))
    assert 'id="consent-allow"' in client.get(address).text
    assert 'id="consent-allow"' in client.get(address).text


def test_one_name_gives_one_code_to_two_browsers_at_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        account, application = an_account(), a_client(first_party=True)
        browsers = [committed_app.test_client() for _ in range(2)]
        for browser in browsers:
            sign_in_as(browser, account)
        name = pushing.name_of(pushing.push(browsers[0], application))
    address = pushing.address_of(application, name)

    def bring(browser: FlaskClient) -> str:
        response = browser.get(address)
        return "code" if "code=" in response.headers.get("Location", "") else "refused"

    answers = at_once(*[partial(bring, browser) for browser in browsers])
    assert sorted(answers) == ["code", "refused"]


def test_what_nobody_brought_is_swept(client: FlaskClient) -> None:
    pushing.push(client, a_client())
    assert purging.purge(clock.now()) == 0
    assert purging.purge(clock.now() + pushed.UNOPENED_LIFE + timedelta(seconds=1)) == 1


def test_nothing_but_the_request_is_kept(client: FlaskClient) -> None:
    application = a_client(token_endpoint_auth_method="client_secret_post")
    form = {**flow.request_for(application), "client_secret": SECRET, "anything": "else"}
    assert client.post("/oauth/par", data=form).status_code == 201
    assert set(kept().parameters) == set(flow.request_for(application))


def test_what_a_database_cannot_keep_is_refused(client: FlaskClient) -> None:
    application = a_client()
    for value in ("x\x00", "\x00"):
        refused = pushing.push(client, application, state=value)
        assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request")


def test_strangers_cannot_fill_the_database_as_a_public_client(client: FlaskClient) -> None:
    with pytest.raises(TooManyAttempts):
        for _ in range(2 * pushed.UNPROVEN.burst):
            pushed.UNPROVEN.hit("127.0.0.1")
    assert pushing.push(client, a_public_client()).status_code == 429
    assert pushing.push(client, a_client()).status_code == 201
