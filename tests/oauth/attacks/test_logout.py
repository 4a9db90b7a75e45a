"""Signing somebody else out, being taken for something else, and asking what may not be asked."""

import base64
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock, signing
from idp.accounts.models import BrowserSession
from idp.extensions import db
from idp.oauth.logout import outbox, requests, sending, tokens
from idp.oauth.logout.requests import LogoutRequest
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, an_account, joao
from tests.factories.oauth import a_client
from tests.oauth import flow
from tests.oauth.logout.hearing import a_hearer, a_notice
from tests.outbound import servers
from tests.outbound.servers import LOOPBACK

BYE = "https://app.example/bye"


def is_over(session: BrowserSession) -> bool:
    db.session.refresh(session)
    return session.ended_at is not None


def test_an_image_of_another_site_signs_nobody_out(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    application = a_client(post_logout_redirect_uris=(BYE,))
    for query in (
        {},
        {"client_id": application.client_id},
        {"client_id": application.client_id, "post_logout_redirect_uri": BYE},
        {"logout_hint": "maria@example.com"},
        {"decision": "confirm"},
    ):
        assert client.get("/oauth/logout", query_string=query).status_code == 200
        assert not is_over(session)


def test_a_form_of_another_site_signs_nobody_out(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    client.post("/oauth/logout", data={"decision": "confirm"}, follow_redirects=True)
    refused = client.post("/oauth/logout/decision", data={"decision": "confirm"})
    assert refused.status_code == 400
    assert not is_over(session)


def test_somebody_elses_hint_asks(app: Flask) -> None:
    thief, victim = app.test_client(), app.test_client()
    sign_in_as(thief, joao())
    application = a_client(first_party=True, post_logout_redirect_uris=(BYE,))
    hint = flow.tokens_for(thief, application)["id_token"]
    session = sign_in_as(victim, an_account())
    query = {"id_token_hint": hint, "post_logout_redirect_uri": BYE}
    page = victim.get("/oauth/logout", query_string=query)
    assert 'id="logout-confirm"' in page.text
    assert not is_over(session)


def test_a_hint_whose_sid_was_changed_is_no_hint(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    hint = flow.tokens_for(client, a_client(first_party=True))["id_token"]
    later = sign_in_as(client, session.account)
    header, _payload, signature = hint.split(".")
    claims = {**flow.claims_of(hint), "sid": later.public_id}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    for forged in (f"{header}.{payload}.{signature}", f"eyJhbGciOiJub25lIn0.{payload}."):
        asked = client.get("/oauth/logout", query_string={"id_token_hint": forged})
        assert asked.status_code == 200
        assert not is_over(later)


def test_state_can_break_out_of_neither_address_nor_header(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True, post_logout_redirect_uris=(BYE,))
    hint = flow.tokens_for(client, application)["id_token"]
    query = {
        "id_token_hint": hint,
        "post_logout_redirect_uri": BYE,
        "state": "1&next=https://evil.example\r\nSet-Cookie: a=b#",
    }
    out = client.get("/oauth/logout", query_string=query)
    assert out.headers["Location"].startswith(f"{BYE}?state=1%26next")
    assert "\n" not in out.headers["Location"]
    assert "a=b" not in out.headers.get("Set-Cookie", "")


def test_a_logout_token_opens_nothing(client: FlaskClient) -> None:
    account = an_account()
    session = sign_in_as(client, account)
    application = a_client(first_party=True)
    token = tokens.issue(application, subject=MARIA, sid=session.public_id, at=clock.now())
    assert flow.userinfo(client, token).status_code == 401
    assert flow.refresh(client, application, token).get_json()["error"] == "invalid_grant"
    client.get("/oauth/logout", query_string={"id_token_hint": token})
    assert not is_over(session)
    assertion = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": token,
    }
    refused = client.post("/oauth/token", data=assertion)
    assert refused.get_json()["error"] == "invalid_client"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_in_our_own_network_is_never_asked(app: Flask, scheme: str) -> None:
    with servers.running(servers.saying(b""), None) as inside:
        a_notice(a_hearer(inside.url("/admin", name=LOOPBACK, scheme=scheme)))
        a_notice(a_hearer(inside.url("/admin", name="localhost", scheme=scheme)))
        answers = [sending.ask(app, each) for each in outbox.take(10, at=clock.now())]
    assert answers == [None, None]
    assert inside.asked == []


def test_a_redirect_is_not_followed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOWED", ("127.0.0.0/8",))
    with servers.running(servers.saying(b""), None) as inside:
        away = servers.saying(b"", 307, Location=inside.url("/admin", name=LOOPBACK, scheme="http"))
        with servers.running(away, None) as outside:
            a_notice(a_hearer(outside.url("/", name=LOOPBACK, scheme="http")))
            (tried,) = outbox.take(1, at=clock.now())
            assert sending.ask(app, tried) == 307
    assert inside.asked == []


def test_the_page_that_asks_cannot_be_framed(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = client.get("/oauth/logout")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert browsing.title_of(page)


def test_a_posted_hint_stands_in_no_address_of_ours(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client(first_party=True, post_logout_redirect_uris=(BYE,))
    hint = flow.tokens_for(client, application)["id_token"]
    later = sign_in_as(client, joao())
    form = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "1"}
    sent = client.post("/oauth/logout", data=form)
    page = client.get(sent.headers["Location"])
    for seen in (sent.headers["Location"], page.text):
        assert hint.split(".")[1] not in seen
    assert flow.agree(client, page, "confirm").headers["Location"] == f"{BYE}?state=1"
    assert is_over(later)


def test_what_we_kept_of_a_request_cannot_be_made_up(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    application = a_client(first_party=True, post_logout_redirect_uris=(BYE,))
    asked = LogoutRequest(application, session.public_id, BYE, "")
    true = requests.keep(asked)
    for forged in (true[:-2], f"{true}x", "x", signing.sign("another purpose", true)):
        assert client.get("/oauth/logout", query_string={"asked": forged}).status_code == 400
    assert not is_over(session)
    elsewhere = requests.keep(LogoutRequest(application, "", "https://evil.example/", ""))
    page = client.get("/oauth/logout", query_string={"asked": elsewhere})
    assert flow.agree(client, page, "confirm").headers["Location"] == "/signed-out"
