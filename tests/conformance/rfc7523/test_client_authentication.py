"""RFC 7523, JWT Profile for OAuth 2.0 Client Authentication (sections 2.2 and 3), with section 9 of
OpenID Connect Core and what RFC 8725 asks of every JWT."""

import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, OctKey
from werkzeug.test import TestResponse

from idp.extensions import db
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Client
from tests.factories.oauth import SECRET, a_client
from tests.oauth.clients.signing import (
    ED,
    KEY,
    KEYS,
    RSA,
    TYPE,
    claims_for,
    proof_of,
    secret_proof_of,
    signed,
)
from tests.oauth.flow import ISSUER
from tests.together import in_browsers

OWN_TOKEN = {"grant_type": "client_credentials"}
NOT_PROVEN = {"error": "invalid_client", "error_description": "Client authentication failed."}


def a_signing_client(**metadata: Any) -> RegisteredClient:
    """A client of private_key_jwt."""
    values = {"token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS, **metadata}
    return a_client(**values)


def ask(browser: FlaskClient, proof: dict[str, str], **form: str) -> TestResponse:
    return browser.post("/oauth/token", data={**OWN_TOKEN, **proof, **form})


def assert_not_proven(response: TestResponse) -> None:
    assert response.status_code == 401, response.text
    assert response.get_json() == NOT_PROVEN


def test_2_2_a_signed_assertion_authenticates_the_client(client: FlaskClient) -> None:
    application = a_signing_client()
    assert ask(client, proof_of(application)).status_code == 200
    named = ask(client, proof_of(application), client_id=application.client_id)
    assert named.status_code == 200


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (RSA, "PS256"), (ED, "EdDSA")])
def test_2_2_by_each_algorithm_that_is_announced(
    client: FlaskClient, key: Any, algorithm: str
) -> None:
    application = a_signing_client()
    assertion = signed(claims_for(application), key, algorithm)
    proof = {"client_assertion_type": TYPE, "client_assertion": assertion}
    assert ask(client, proof).status_code == 200


def test_core_9_client_secret_jwt_uses_the_secret_as_its_key(client: FlaskClient) -> None:
    application = a_client(token_endpoint_auth_method="client_secret_jwt")
    assert ask(client, secret_proof_of(application, SECRET)).status_code == 200
    assert_not_proven(ask(client, secret_proof_of(application, SECRET + "x")))


def test_core_9_that_secret_is_kept_sealed_and_can_be_shown_in_no_other_way(
    client: FlaskClient,
) -> None:
    application = a_client(token_endpoint_auth_method="client_secret_jwt")
    row = db.session.get_one(Client, application.key)
    assert row.secret_hash is None
    assert row.sealed_secret and SECRET not in row.sealed_secret
    assert SECRET not in repr(application)
    form = {"client_id": application.client_id, "client_secret": SECRET}
    assert_not_proven(ask(client, form))


def test_2_2_another_client_id_in_the_form_is_refused(client: FlaskClient) -> None:
    application, other = a_signing_client(), a_signing_client()
    assert_not_proven(ask(client, proof_of(application), client_id=other.client_id))


@pytest.mark.parametrize("kind", ["", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"])
def test_2_2_the_type_must_be_the_jwt_bearers(client: FlaskClient, kind: str) -> None:
    assert_not_proven(ask(client, proof_of(a_signing_client()), client_assertion_type=kind))


def test_2_2_a_second_method_beside_it_is_refused(client: FlaskClient) -> None:
    application = a_signing_client()
    answer = ask(client, proof_of(application), client_secret="x")
    assert answer.get_json()["error"] == "invalid_request"


@pytest.mark.parametrize("claim", ["iss", "sub", "aud", "exp", "jti"])
def test_3_a_claim_that_is_missing_is_refused(client: FlaskClient, claim: str) -> None:
    assert_not_proven(ask(client, proof_of(a_signing_client(), **{claim: None})))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody-else"},
        {"sub": "somebody-else"},
        {"iss": ["a"]},
        {"jti": 7},
        {"jti": ""},
        {"jti": "x" * 513},
        {"jti": "two\nlines"},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"iat": None, "nbf": "now"},
    ],
)
def test_3_a_claim_of_the_wrong_kind_is_refused(
    client: FlaskClient, changes: dict[str, Any]
) -> None:
    assert_not_proven(ask(client, proof_of(a_signing_client(), **changes)))


@pytest.mark.parametrize(
    "audience",
    [
        f"{ISSUER}/oauth/token",
        f"{ISSUER}/",
        [ISSUER],
        [ISSUER, "https://evil.example"],
        "https://evil.example",
        ISSUER.upper(),
        {"a": ISSUER},
    ],
)
def test_3_3_the_audience_is_our_issuer_as_a_string_and_nothing_else(
    client: FlaskClient, audience: Any
) -> None:
    assert_not_proven(ask(client, proof_of(a_signing_client(), aud=audience)))


def test_3_4_an_expired_assertion_is_refused(client: FlaskClient) -> None:
    now = int(time.time())
    assert_not_proven(ask(client, proof_of(a_signing_client(), iat=now - 120, exp=now - 1)))


def test_3_4_nobody_makes_an_assertion_for_a_year(client: FlaskClient) -> None:
    now, year = int(time.time()), 31_536_000
    application = a_signing_client()
    old = proof_of(application, iat=now - 700, exp=now + year)
    assert_not_proven(ask(client, old))
    assert_not_proven(ask(client, proof_of(application, iat=None, exp=now + year)))
    assert ask(client, proof_of(application, iat=now, exp=now + 3600)).status_code == 200


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_3_5_an_assertion_from_the_future_is_refused(client: FlaskClient, claim: str) -> None:
    later = int(time.time()) + 300
    assert_not_proven(ask(client, proof_of(a_signing_client(), exp=later + 60, **{claim: later})))


def test_3_7_an_assertion_is_used_once(client: FlaskClient) -> None:
    application = a_signing_client()
    proof = proof_of(application)
    assert ask(client, proof).status_code == 200
    assert_not_proven(ask(client, proof))


def test_3_7_the_same_jti_of_two_clients_are_two(client: FlaskClient) -> None:
    for application in (a_signing_client(), a_signing_client()):
        assert ask(client, proof_of(application, jti="the same")).status_code == 200


def test_3_7_an_assertion_is_used_once_by_all_workers_together(committed_app: Flask) -> None:
    with committed_app.app_context():
        proof = proof_of(a_signing_client())
    seen = in_browsers(committed_app, 6, lambda browser: ask(browser, proof).status_code)
    assert sorted(seen) == [200] + [401] * 5


@pytest.mark.parametrize(
    "text", ["", "x", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "e30.e30.", "e30.e30.e30", "x" * 70_000]
)
def test_3_9_what_is_no_jwt_is_refused(client: FlaskClient, text: str) -> None:
    form = {"client_assertion_type": TYPE, "client_assertion": text}
    assert_not_proven(ask(client, form))


def test_3_9_a_key_that_the_client_did_not_register_signs_nothing(client: FlaskClient) -> None:
    application = a_signing_client()
    stranger = ECKey.generate_key("P-256", parameters={"kid": "one"})
    public = stranger.as_dict(private=False)
    for header in ({}, {"jwk": public}, {"jku": "https://evil.example/jwks"}):
        forged = signed(claims_for(application), stranger, **header)
        assert_not_proven(ask(client, {"client_assertion_type": TYPE, "client_assertion": forged}))


def test_rfc8725_3_1_the_algorithm_is_the_registered_one(client: FlaskClient) -> None:
    application = a_signing_client(token_endpoint_auth_signing_alg="PS256")
    assert_not_proven(ask(client, proof_of(application)))
    good = signed(claims_for(application), RSA, "PS256")
    assert ask(client, {"client_assertion_type": TYPE, "client_assertion": good}).status_code == 200


def test_rfc8725_2_1_a_public_key_is_no_shared_secret(client: FlaskClient) -> None:
    """The old confusion: HS256 with the text of the public key as its secret."""
    application = a_signing_client()
    for text in (KEY.as_pem(private=False), KEY.as_bytes(private=False)):
        secret = OctKey.import_key(text.replace(b"-----", b"-"), {"kid": "one"})
        forged = signed(claims_for(application), secret, "HS256")
        assert_not_proven(ask(client, {"client_assertion_type": TYPE, "client_assertion": forged}))


def test_rfc8725_2_1_none_is_no_algorithm(client: FlaskClient) -> None:
    application = a_signing_client()
    good = proof_of(application)["client_assertion"].split(".")
    for header in ("eyJhbGciOiJub25lIn0", "eyJhbGciOiJOb25FIn0"):
        for signature in ("", good[2]):
            forged = f"{header}.{good[1]}.{signature}"
            assert_not_proven(
                ask(client, {"client_assertion_type": TYPE, "client_assertion": forged})
            )


def test_rfc8725_3_10_a_header_with_crit_or_a_strange_kid_is_refused(client: FlaskClient) -> None:
    application = a_signing_client()
    headers: list[dict[str, Any]] = [
        {"kid": "../../etc/passwd"},
        {"kid": "' OR 1=1 --"},
        {"kid": "rsa"},
        {"b64": True, "crit": ["b64"]},
    ]
    for header in headers:
        forged = signed(claims_for(application), **header)
        assert_not_proven(ask(client, {"client_assertion_type": TYPE, "client_assertion": forged}))


def test_a_client_of_another_method_proves_nothing_with_an_assertion(client: FlaskClient) -> None:
    basic, public = a_client(jwks=KEYS), a_client(token_endpoint_auth_method="none", jwks=KEYS)
    for application in (basic, public):
        assert_not_proven(ask(client, proof_of(application)))
    application = a_signing_client()
    assert_not_proven(ask(client, {"client_id": application.client_id}))
    assert_not_proven(ask(client, {"client_id": application.client_id, "client_secret": SECRET}))


def test_it_works_wherever_clients_are_authenticated(client: FlaskClient) -> None:
    application = a_signing_client(introspect=True)
    for path in ("introspect", "revoke"):
        answer = client.post(f"/oauth/{path}", data={"token": "x", **proof_of(application)})
        assert answer.status_code == 200, path
