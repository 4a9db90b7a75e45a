"""Request objects that the client did not sign: `alg` confusion, `kid` injection, keys brought
along, JWTs that were made for something else, and parameters put beside the object."""

import base64
import hmac
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import SECRET
from tests.oauth import flow, pushing, signing

MINE = ECKey.generate_key("P-256", auto_kid=True)
HOST = "https://evil.example/keys"


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    sign_in_as(client, an_account())
    return client


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def by_hand(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Signed with the client's key, whatever the header says."""
    signed = f"{encoded(header)}.{encoded(claims)}".encode()
    signature = JWSRegistry.algorithms["ES256"].sign(signed, signing.KEY)
    return b".".join([signed, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def forgeries(client: RegisteredClient) -> dict[str, str]:
    """By what is wrong with each."""
    claims = signing.claims_for(client)
    good = signing.signed(client)
    header, payload, signature = good.split(".")
    public = json.dumps(signing.KEY.as_dict(private=False)).encode()
    pem = signing.KEY.as_pem(private=False)
    head = {"alg": "HS256", "kid": signing.KEY.kid, "typ": signing.TYPE}

    def with_secret(secret: bytes) -> str:
        signed = f"{encoded(head)}.{encoded(claims)}"
        made = hmac.digest(secret, signed.encode(), "sha256")
        return f"{signed}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"

    def mine(**header: Any) -> str:
        return signing.signed(client, key=MINE, header=header)

    return {
        **{f"alg {alg}": f"{encoded({'alg': alg})}.{payload}." for alg in ("none", "None", "NONE")},
        "alg none with a signature": f"{encoded({'alg': 'none'})}.{payload}.{signature}",
        "no alg": f"{encoded({})}.{payload}.{signature}",
        "alg is a list": f"{encoded({'alg': ['ES256']})}.{payload}.{signature}",
        "signature cut off": f"{header}.{payload}.",
        "public key as secret": with_secret(public),
        "public key as secret, PEM": with_secret(pem),
        "client secret as key": with_secret(SECRET.encode()),
        "own key, their kid": mine(kid=signing.KEY.kid),
        "own key, own kid": mine(),
        "own key, no kid": mine(kid=None),
        "own key, embedded": mine(jwk=MINE.as_dict(private=False), kid=None),
        "own key, by address": mine(jku=HOST, x5u=HOST),
        "kid as a path": mine(kid="../../../dev/null"),
        "kid as SQL": mine(kid="' UNION SELECT 'x"),
        "kid as an address": mine(kid=HOST),
        "payload not encoded": f"{encoded({'alg': 'ES256', 'b64': False, 'crit': ['b64']})}"
        f".{payload}.{signature}",
        "critical extension": by_hand({"alg": "ES256", "crit": ["x"], "x": 1}, claims),
    }


def test_a_forged_object_is_never_followed(browser: FlaskClient) -> None:
    application = signing.a_signing_client()
    for name, text in forgeries(application).items():
        refused = signing.bring(browser, application, text)
        assert signing.error_of(refused) == "invalid_request_object", name
        pushed = pushing.send(browser, application, {"request": text})
        assert pushed.get_json()["error"] == "invalid_request_object", name
    good = signing.bring(browser, application, signing.signed(application))
    assert "code" in flow.answered(good)


def test_a_client_registered_for_unsigned_objects_is_not_one_for_badly_signed_ones(
    browser: FlaskClient,
) -> None:
    application = signing.a_signing_client(request_object_signing_alg="none")
    for name, text in forgeries(application).items():
        if name != "alg none":
            refused = signing.bring(browser, application, text)
            assert signing.error_of(refused) == "invalid_request_object", name


def test_the_key_of_another_client_signs_for_nobody_else(browser: FlaskClient) -> None:
    honest = signing.a_signing_client()
    evil = signing.a_signing_client(jwks={"keys": [MINE.as_dict(private=False)]})
    refused = signing.bring(browser, honest, signing.signed(honest, key=MINE))
    assert signing.error_of(refused) == "invalid_request_object"
    of_evil = signing.signed(honest, key=MINE, iss=evil.client_id)
    assert signing.error_of(signing.bring(browser, evil, of_evil)) == "invalid_request_object"


def test_a_jwt_made_for_something_else_is_no_request(browser: FlaskClient) -> None:
    application = signing.a_signing_client()
    id_token = flow.tokens_for(browser, application)["id_token"]
    own = application.client_id
    assertion = signing.signed(application, header={"typ": "JWT"}, sub=own, jti="x")
    typed = signing.signed(application, header={"typ": "client-authentication+jwt"})
    for text in (id_token, assertion, typed):
        refused = signing.bring(browser, application, text)
        assert signing.error_of(refused) == "invalid_request_object"


def test_nothing_is_added_to_an_object_from_outside(browser: FlaskClient) -> None:
    application = signing.a_signing_client(
        redirect_uris=("https://app.example/callback", "https://app.example/other")
    )
    text = signing.signed(application, state="inside", nonce=None)
    outside = {
        "redirect_uri": "https://app.example/other",
        "state": "outside",
        "nonce": "planted",
        "scope": "openid email phone",
        "response_mode": "form_post",
        "prompt": "none",
        "claims": '{"userinfo":{"email":null}}',
    }
    answer = flow.answered(signing.bring(browser, application, text, **outside))
    assert answer["state"] == "inside"
    tokens = flow.exchange(browser, application, answer["code"]).get_json()
    assert tokens["scope"] == "openid"
    assert "nonce" not in flow.claims_of(tokens["id_token"])
    assert "email" not in flow.userinfo(browser, tokens["access_token"]).get_json()


def test_an_object_given_twice_is_refused(browser: FlaskClient) -> None:
    application = signing.a_signing_client()
    text = signing.signed(application)
    query = f"client_id={application.client_id}&request={text}&request={text}"
    refused = browser.get(f"/oauth/authorize?{query}")
    assert signing.error_of(refused) == "invalid_request"


@pytest.mark.parametrize("value", ["x\x00", "\ud800", ["a", 1], {"a": "\x00"}, None, True, 1.5])
def test_a_value_of_another_kind_inside_is_a_standard_error(
    browser: FlaskClient, value: object
) -> None:
    application = signing.a_signing_client()
    claims = {**signing.claims_for(application), "state": value}
    text = by_hand({"alg": "ES256"}, claims)
    response = signing.bring(browser, application, text)
    if response.status_code == 303 and "code=" in response.headers["Location"]:
        return  # it was text after all
    assert signing.error_of(response) in {"invalid_request", "invalid_request_object"}
