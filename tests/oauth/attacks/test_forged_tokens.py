"""Tokens that we did not sign, or not for this: `alg` confusion, `kid` injection, substitution."""

import base64
import json
from typing import Any

from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from idp import clock
from idp.oauth import keys
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_public_client, a_resource_server
from tests.oauth import flow


def forgeries(good: str, claims: dict[str, Any]) -> dict[str, str]:
    """Tokens that look like `good` and were not signed by us with the right key."""
    kid = flow.header_of(good)["kid"]
    jwks = {each["kid"]: each for each in json.loads(keys.ring().jwks)["keys"]}
    mine = ECKey.generate_key("P-256")
    head = {"typ": "at+jwt", "kid": kid}
    none = base64.urlsafe_b64encode(json.dumps({**head, "alg": "none"}).encode()).rstrip(b"=")
    secret = OctKey.import_key(json.dumps(jwks[kid]).encode())
    rsa = RSAKey.generate_key(2048)
    header, payload, signature = good.split(".")
    return {
        "no signature": f"{none.decode()}.{payload}.",
        "signature cut off": f"{header}.{payload}.",
        "public key as secret": jwt.encode({**head, "alg": "HS256"}, claims, secret, ["HS256"]),
        "own key, our kid": jwt.encode({**head, "alg": "ES256"}, claims, mine, ["ES256"]),
        "own key, embedded": jwt.encode(
            {**head, "alg": "ES256", "jwk": mine.as_dict(private=False)}, claims, mine, ["ES256"]
        ),
        "own key, own kid": jwt.encode(
            {"typ": "at+jwt", "alg": "ES256", "kid": mine.thumbprint()}, claims, mine, ["ES256"]
        ),
        "kid as a path": jwt.encode(
            {**head, "alg": "ES256", "kid": "../../dev/null"}, claims, mine, ["ES256"]
        ),
        "kid as SQL": jwt.encode(
            {**head, "alg": "ES256", "kid": "' OR 1=1 --"}, claims, mine, ["ES256"]
        ),
        "other algorithm": jwt.encode({**head, "alg": "RS256"}, claims, rsa, ["RS256"]),
        "payload changed": f"{header}.{payload[:-4]}AAAA.{signature}",
        "two dots more": f"{good}..",
        "nothing": "..",
    }


def test_a_forged_token_is_nowhere_believed(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    api = a_resource_server()
    good = flow.tokens_for(client, a_client())["access_token"]
    for name, token in forgeries(good, flow.claims_of(good)).items():
        assert flow.userinfo(client, token).status_code == 401, name
        assert flow.introspect(client, api, token) == {"active": False}, name
    assert flow.userinfo(client, good).status_code == 200


def test_a_token_of_another_issuer_or_past_its_end_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    good = flow.claims_of(flow.tokens_for(client, a_client())["access_token"])
    past = {"exp": int(clock.now().timestamp()) - 1}
    for change in ({"iss": "https://evil.example"}, past):
        token = keys.sign({**good, **change}, algorithm="ES256", kind="at+jwt")
        assert flow.userinfo(client, token).status_code == 401


def test_a_clients_own_token_opens_nobodys_claims(client: FlaskClient) -> None:
    token = flow.ask_token(client, a_client(), grant_type="client_credentials").get_json()
    assert flow.userinfo(client, token["access_token"]).status_code == 401


def test_a_client_learns_nothing_of_a_token_that_is_not_its_own(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, other = a_client(), a_client()
    token = flow.tokens_for(client, application)["access_token"]
    assert flow.introspect(client, other, token) == {"active": False}
    assert flow.introspect(client, application, token)["active"] is True


def test_a_public_client_may_not_introspect(client: FlaskClient) -> None:
    public = a_public_client()
    refused = client.post("/oauth/introspect", data={"client_id": public.client_id, "token": "x"})
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
