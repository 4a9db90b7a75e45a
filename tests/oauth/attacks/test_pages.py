"""The person's pages turned against them: clickjacking, session fixation, CSRF on consent, planted
answers."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.sessions import cookie_name
from idp.extensions import db
from idp.oauth.authorization.models import Consent
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import JOAO, MARIA, PASSWORD, an_account, joao
from tests.factories.oauth import a_client
from tests.oauth import flow, pushing

TYPED = {"identifier": "529.982.247-25", "password": PASSWORD}


def pages(client: FlaskClient) -> list[TestResponse]:
    """Each page on the way of a request."""
    first_party = a_client(first_party=True)
    return [
        client.get(flow.authorize(client, a_client(), prompt="login").headers["Location"]),
        flow.authorize(client, a_client()),
        flow.authorize(client, a_client(), prompt="select_account"),
        flow.authorize(client, first_party, response_mode="form_post"),
        flow.authorize(client, a_client(), redirect_uri="https://evil.example/"),
    ]


def test_no_page_can_be_framed(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for page in pages(client):
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Frame-Options"] == "DENY"


def test_no_page_runs_a_script_or_style_of_its_own_text(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for page in pages(client):
        policy = page.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy


def test_a_session_planted_before_the_sign_in_is_not_the_one_after_it(client: FlaskClient) -> None:
    an_account()
    planted = "a session that the attacker knows"
    client.set_cookie(cookie_name(), planted)
    sent = flow.authorize(client, a_client(first_party=True))
    signed_in = browsing.post(client, sent.headers["Location"], TYPED)
    cookie = client.get_cookie(cookie_name())
    assert cookie is not None
    assert cookie.value != planted
    assert "code" in flow.answered(client.get(signed_in.headers["Location"]))
    client.set_cookie(cookie_name(), planted)
    again = flow.authorize(client, a_client(first_party=True))
    assert urlsplit(again.headers["Location"]).path == "/login"


def test_consent_is_not_given_by_another_sites_form(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    for page in (flow.authorize(client, application), pushing.authorize(client, application)):
        action = flow.action_of(page)
        seen = browsing.values_of(page)["seen"]
        for data in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
            forged = client.post(action, data={"decision": "allow", "seen": seen, **data})
            assert 'id="error-code">csrf_failed<' in forged.text
        client.get(f"{action}&decision=allow&seen={seen}")
    assert db.session.scalars(db.select(Consent)).all() == []


def test_the_token_of_one_browser_gives_no_consent_in_another(client: FlaskClient) -> None:
    application, account = a_client(), an_account()
    attacker = client.application.test_client()
    sign_in_as(attacker, joao())
    theirs = browsing.read(flow.authorize(attacker, application)).inputs
    sign_in_as(client, account)
    page = flow.authorize(client, application)
    fields = {each["name"]: each["value"] for each in theirs}
    forged = client.post(flow.action_of(page), data={**fields, "decision": "allow"})
    assert 'id="error-code">csrf_failed<' in forged.text


def test_an_account_is_not_chosen_by_a_link_that_somebody_else_made(client: FlaskClient) -> None:
    application = a_client(first_party=True)
    attacker = client.application.test_client()
    sign_in_as(attacker, joao())
    page = flow.authorize(attacker, application, prompt="select_account")
    planted = browsing.link_of(page, "account-continue")
    assert "code" in flow.answered(attacker.get(planted))
    sign_in_as(client, an_account())
    assert 'id="account-continue"' in client.get(planted).text
    mark = parse_qs(urlsplit(planted).query)["chosen"][0]
    for forged in (mark, "x", f"{mark}x", ""):
        page = flow.authorize(client, application, prompt="select_account", chosen=forged)
        assert 'id="account-continue"' in page.text


@pytest.mark.parametrize("place", ["id_token", "userinfo"])
def test_an_application_cannot_try_in_silence_who_is_signed_in(
    client: FlaskClient, place: str
) -> None:
    """Neither by the subject, nor by what stands behind it: the second factor."""
    sign_in_as(client, an_account())
    application = a_client()
    essential = {"acr": {"essential": True, "value": "urn:outorga:aal2"}}
    answers = set()
    for subject in (MARIA, JOAO):
        claims = {"id_token": essential, place: {"sub": {"value": subject}, **essential}}
        silent = flow.authorize(client, application, prompt="none", claims=json.dumps(claims))
        answers.add(flow.answered(silent)["error"])
    assert answers == {"login_required"}


def test_a_choice_is_not_good_for_long(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_as(client, an_account())
    page = flow.authorize(client, a_client(first_party=True), prompt="select_account")
    link = browsing.link_of(page, "account-continue")
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert 'id="account-continue"' in client.get(link).text


def test_a_name_in_the_address_of_the_sign_in_opens_its_forms_to_the_client_alone(
    client: FlaskClient,
) -> None:
    application = a_client()
    name = pushing.name_of(pushing.push(client, application))
    stranger = pushing.address_of(a_client(), name)
    page = client.get("/login", query_string={"next": stranger})
    assert "app.example" not in page.headers["Content-Security-Policy"]
    own = pushing.address_of(application, name)
    page = client.get("/login", query_string={"next": own})
    assert "form-action 'self' https://app.example" in page.headers["Content-Security-Policy"]
