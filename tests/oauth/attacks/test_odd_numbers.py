"""Numbers that no clock knows, and names that no database holds: refused where they come in, by a
standard code, and never read as "for ever"."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow, hostility, proving, signing
from tests.oauth.clients import signing as asserting
from tests.oauth.clients.registering import METADATA, an_invitation, ask, bearer, registered

ODD: list[Any] = [
    float("inf"),
    float("-inf"),
    float("nan"),
    10**400,
    -(10**400),
    253_402_300_800,  # the year 10000
    True,
    None,
    "1",
    [],
]
HALF = "\ud800"


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    sign_in_as(client, an_account())
    return client


@pytest.mark.parametrize("member", ["exp", "nbf", "iat"])
def test_a_request_object_is_never_good_for_ever(browser: FlaskClient, member: str) -> None:
    client = signing.a_signing_client()
    header = {"alg": "ES256", "kid": signing.KEY.kid, "typ": signing.TYPE}
    for odd in ODD:
        claims = {**signing.claims_for(client), member: odd}
        text = hostility.signed(header, claims, signing.KEY)
        answer = signing.bring(browser, client, text)
        assert signing.error_of(answer) == "invalid_request_object", odd


@pytest.mark.parametrize("member", ["exp", "iat"])
def test_an_assertion_is_never_good_for_ever(client: FlaskClient, member: str) -> None:
    known = a_client(
        token_endpoint_auth_method="private_key_jwt", jwks=asserting.jwks(asserting.KEY)
    )
    header = {"alg": "ES256", "kid": asserting.KEY.kid}
    for odd in ODD:
        claims = {**asserting.claims_for(known), member: odd}
        assertion = hostility.signed(header, claims, asserting.KEY)
        form = {"client_assertion_type": asserting.TYPE, "client_assertion": assertion}
        answer = client.post("/oauth/token", data={"grant_type": "client_credentials", **form})
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client"), odd


def test_a_proof_is_never_good_for_ever(client: FlaskClient) -> None:
    key, known = proving.a_key(), a_client()
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}
    for odd in ODD:
        claims = {**proving.claims("POST", proving.TOKEN_ENDPOINT), "iat": odd}
        answer = client.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={**flow.basic(known), "DPoP": hostility.signed(header, claims, key)},
        )
        assert answer.get_json()["error"] == "invalid_dpop_proof", odd


def test_max_age_is_a_number_of_seconds_that_somebody_may_live(browser: FlaskClient) -> None:
    client = a_client(first_party=True)
    for odd in ("9" * 3000, "1e400", "NaN", "-1", "1.5", "١٢", "1_0", "+1", "1000000000"):
        answer = flow.answered(flow.authorize(browser, client, max_age=odd))
        assert answer["error"] == "invalid_request", odd
    assert "code" in flow.answered(flow.authorize(browser, client, max_age="999999999"))


def test_nobody_registers_an_age_that_no_calendar_knows(browser: FlaskClient) -> None:
    for odd in (10**9, 10**14, 10**400, -1, True, 1.5, "1"):
        refused = ask(browser, default_max_age=odd)
        assert refused.status_code == 400, odd
        assert refused.get_json()["error"] == "invalid_client_metadata", odd
    known = registered(browser, default_max_age=10**9 - 1)
    query = {
        "response_type": "code",
        "client_id": known["client_id"],
        "scope": "openid",
        "code_challenge": flow.CHALLENGE,
        "code_challenge_method": "S256",
    }
    assert browser.get("/oauth/authorize", query_string=query).status_code == 200


@pytest.mark.parametrize("member", ["[" * 500 + "]" * 500, '{"a":' * 9 + "1" + "}" * 9, "1e400"])
def test_a_key_set_that_cannot_be_kept(browser: FlaskClient, member: str) -> None:
    """In a key, or beside it."""
    key = json.dumps(asserting.jwks(asserting.KEY)["keys"][0])
    for keys in (f'[{key[:-1]}, "x": {member}}}]', f'[{key}], "x": {member}'):
        body = json.dumps({**METADATA, "jwks": "KEYS"}).replace('"KEYS"', f'{{"keys": {keys}}}')
        answer = browser.post(
            "/oauth/register",
            data=body,
            content_type="application/json",
            headers=bearer(an_invitation()),
        )
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_client_metadata")


@pytest.mark.parametrize("name", ["\x00", HALF, f"br:cpf:\x00{HALF}", "é", "x" * 3000])
def test_a_holder_by_a_name_that_nobody_can_have(browser: FlaskClient, name: str) -> None:
    """An application that knows no tax ids has its names looked up."""
    client = a_client(first_party=True, subject_type="pairwise", scope="openid grants")
    details = json.dumps([{"type": "installation_access", "holder": name}])
    answer = flow.answered(flow.authorize(browser, client, authorization_details=details))
    assert answer["error"] == "invalid_authorization_details"


@pytest.mark.parametrize("host", ["xn--a", "localhost:x", "[::1", "x" * 64, "a@b", "a/b"])
def test_a_host_that_cannot_be_read(app: Flask, host: str) -> None:
    """As the server hands it over: a test client would read the name itself."""
    for method, path in (("GET", "authorize"), ("POST", "authorize"), ("POST", "token")):
        environ = EnvironBuilder(path=f"/oauth/{path}", method=method).get_environ()
        environ["HTTP_HOST"] = host
        _parts, status, _headers = run_wsgi_app(app.wsgi_app, environ)
        assert status[:3] in ("303", "400"), (method, path)


@pytest.mark.parametrize(
    "claims",
    [
        '{"userinfo":' * 280,
        "[" * 3000,
        '{"id_token": {"sub": {"value": NaN}}}',
        '{"id_token": {"sub": {"value": "\\u0000"}}}',
        '{"id_token": {"sub": {"value": "\\ud800"}}}',
        '{"id_token": {"acr": {"values": [{"a": 1}]}}}',
        '{"userinfo": {"name": {"value": 1e400}}}',
        '{"userinfo": {"name": {"value": ' + "9" * 3000 + "1e5}}}",
    ],
)
def test_claims_that_cannot_be_kept(browser: FlaskClient, claims: str) -> None:
    client = a_client(first_party=True)
    answer = flow.answered(flow.authorize(browser, client, claims=claims))
    assert answer["error"] == "invalid_request"
