"""Whatever stands in a JWT that is rightly signed, and so read to its end, is no fault of ours."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from joserfc.jwk import OctKey

from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import SECRET, a_client
from tests.oauth import flow, hostility, proving, signing, standards
from tests.oauth.clients import signing as asserting
from tests.oauth.hostility import often, post, spoilt
from tests.oauth.standards import assert_answered

CLAIMS = ("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id")
PROOF = ("htm", "htu", "jti", "iat", "nonce", "ath", "exp")
HEADER = ("alg", "typ", "kid", "jwk", "jku", "x5c", "crit", "b64", "cty", "zip")
FORM = {"grant_type": "client_credentials"}


@dataclass
class World:
    """Applications that sign, and a token of a person."""

    browser: FlaskClient
    application: RegisteredClient
    signing: RegisteredClient  # private_key_jwt
    sealing: RegisteredClient  # client_secret_jwt
    access_token: str


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    browser, application = app.test_client(), a_client(first_party=True)
    sign_in_as(browser, an_account())
    yield World(
        browser=browser,
        application=application,
        signing=a_client(
            token_endpoint_auth_method="private_key_jwt", jwks=asserting.jwks(asserting.KEY)
        ),
        sealing=a_client(token_endpoint_auth_method="client_secret_jwt"),
        access_token=flow.tokens_for(browser, application)["access_token"],
    )


@often
@given(claims=spoilt(*CLAIMS), header=spoilt(*HEADER))
def test_assertions_of_clients(world: World, claims: Any, header: Any) -> None:
    """Rightly signed, so that it is read to its end."""
    secret = OctKey.import_key(SECRET)
    for client, key, algorithm in (
        (world.signing, asserting.KEY, "ES256"),
        (world.sealing, secret, "HS256"),
    ):
        good = {"alg": algorithm, "kid": key.kid} if key.kid else {"alg": algorithm}
        for head, said in ((good, claims), (good | header, {})):
            body = asserting.claims_for(client, **said)
            form = {
                "grant_type": "client_credentials",
                "client_assertion_type": asserting.TYPE,
                "client_assertion": hostility.signed(head, body, key, algorithm),
            }
            for path in ("/oauth/token", "/oauth/introspect"):
                assert_answered(
                    post(world.browser, path, form),
                    *standards.CLIENT,
                    sent=hostility.texts_of(said, head),
                )


@often
@given(claims=spoilt(*PROOF), header=spoilt(*HEADER))
def test_proofs_of_possession(world: World, claims: Any, header: Any) -> None:
    key, form = proving.a_key(), FORM
    jwk = key.as_dict(private=False)
    good = {"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}
    for head, said in (
        (good, claims),
        (good | header, {}),
        (good | {"jwk": jwk | header}, {}),
    ):
        at_token = proving.claims("POST", proving.TOKEN_ENDPOINT) | said
        proof = {"DPoP": hostility.signed(head, at_token, key)}
        answer = post(
            world.browser, "/oauth/token", form, {**flow.basic(world.application), **proof}
        )
        assert_answered(answer, *standards.TOKEN, sent=hostility.texts_of(said, head))
        token = world.access_token
        at_userinfo = proving.claims("GET", proving.USERINFO, ath=proving.ath(token)) | said
        proof = {"DPoP": hostility.signed(head, at_userinfo, key)}
        answer = world.browser.get(
            "/oauth/userinfo", headers={"Authorization": f"DPoP {token}", **proof}
        )
        assert_answered(answer, *standards.BEARER, sent=hostility.texts_of(said, head))


@often
@given(claims=spoilt(*hostility.REQUEST, *CLAIMS), header=spoilt(*HEADER))
def test_pushed_request_objects(world: World, claims: Any, header: Any) -> None:
    client = signing.a_signing_client(client_id=f"signs-{secrets.token_hex(8)}")
    good = {"alg": "ES256", "kid": signing.KEY.kid, "typ": signing.TYPE}
    for head, said in ((good, claims), (good | header, {})):
        body = {**signing.claims_for(client), **said}
        form = {"request": hostility.signed(head, body, signing.KEY)}
        answer = post(world.browser, "/oauth/par", form, flow.basic(client))
        assert_answered(answer, *standards.PUSHED, sent=hostility.texts_of(said, head))
