"""A token in the place of another: of another kind, another client's, for another audience."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey

from idp.oauth import keys
from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_resource_server
from tests.factories.registry import holdings
from tests.oauth import flow

API = "https://api.example"
BYE = "https://app.example/bye"
SCOPE = "openid email grants offline_access"


@pytest.fixture
def application(client: FlaskClient) -> RegisteredClient:
    """Whose every answer is a JWT of ours."""
    return a_client(
        first_party=True,
        id_token_signed_response_alg="ES256",
        userinfo_signed_response_alg="ES256",
        authorization_signed_response_alg="ES256",
        introspection_signed_response_alg="ES256",
        post_logout_redirect_uris=(BYE,),
        resources=("http://localhost:8000", API),
    )


def every_token(browser: FlaskClient, application: RegisteredClient) -> dict[str, str]:
    """One of each kind that we sign, all with the same key and for the same person."""
    answer = flow.tokens_for(browser, application, scope=SCOPE)
    access = answer["access_token"]
    signed = flow.authorize(browser, application, response_mode="jwt").headers["Location"]
    asked = {**flow.basic(application), "Accept": "application/token-introspection+jwt"}
    introspected = browser.post("/oauth/introspect", data={"token": access}, headers=asked)
    headers = {"Authorization": f"Bearer {access}"}
    return {
        "access token": access,
        "ID Token": answer["id_token"],
        "UserInfo": flow.userinfo(browser, access).text,
        "introspection": introspected.text,
        "authorization response": signed.partition("response=")[2],
        "distributed claims": browser.get("/oauth/claims", headers=headers).text,
    }


def test_each_kind_of_token_has_a_type_of_its_own(
    client: FlaskClient, application: RegisteredClient
) -> None:
    sign_in_as(client, an_account())
    tokens = every_token(client, application)
    types = [flow.header_of(token)["typ"] for token in tokens.values()]
    assert len(set(types)) == len(tokens)
    assert len({flow.header_of(token)["kid"] for token in tokens.values()}) == 1


def test_nothing_but_an_access_token_is_an_access_token(
    client: FlaskClient, application: RegisteredClient
) -> None:
    account = an_account()
    holdings(account.tax_id, 2)
    sign_in_as(client, account)
    tokens = every_token(client, application)
    good = tokens.pop("access token")
    for kind, token in tokens.items():
        headers = {"Authorization": f"Bearer {token}"}
        assert flow.userinfo(client, token).status_code == 401, kind
        assert flow.introspect(client, application, token) == {"active": False}, kind
        assert client.get("/oauth/claims", headers=headers).status_code == 401, kind
        assert client.post("/access/v1/evaluation", json={}, headers=headers).status_code == 401
        assert client.post("/api/v1/grants/g_x/uses", json={}, headers=headers).status_code == 401
        data = {"token": token}
        client.post("/oauth/revoke", data=data, headers=flow.basic(application))
        exchanged = flow.ask_token(
            client, application, grant_type="refresh_token", refresh_token=token
        )
        assert exchanged.get_json()["error"] == "invalid_grant", kind
    assert flow.userinfo(client, good).status_code == 200, "none of them revoked anything"


def test_nothing_but_an_id_token_is_a_hint(
    client: FlaskClient, application: RegisteredClient
) -> None:
    sign_in_as(client, an_account())
    tokens = every_token(client, application)
    good = tokens.pop("ID Token")
    for kind, token in tokens.items():
        asked = flow.authorize(client, application, prompt="none", id_token_hint=token)
        assert flow.answered(asked)["error"] == "login_required", kind
        page = client.get(
            "/oauth/logout", query_string={"id_token_hint": token, "post_logout_redirect_uri": BYE}
        )
        assert page.status_code == 200, f"{kind} must not sign anybody out unasked"
        assert BYE not in page.text, kind
    asked = flow.authorize(client, application, prompt="none", id_token_hint=good)
    assert "code" in flow.answered(asked)


def test_one_clients_tokens_are_worth_nothing_to_another(
    client: FlaskClient, application: RegisteredClient
) -> None:
    sign_in_as(client, an_account())
    answer = flow.tokens_for(client, application, scope=SCOPE)
    thief = a_client()
    assert flow.introspect(client, thief, answer["access_token"]) == {"active": False}
    for token in (answer["access_token"], answer["refresh_token"]):
        client.post("/oauth/revoke", data={"token": token}, headers=flow.basic(thief))
    refused = flow.refresh(client, thief, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"
    assert flow.userinfo(client, answer["access_token"]).status_code == 200


def test_a_token_for_one_audience_is_told_to_no_other(
    client: FlaskClient, application: RegisteredClient
) -> None:
    sign_in_as(client, an_account())
    token = flow.tokens_for(client, application, resource=API)["access_token"]
    meant, other = (
        a_resource_server(resources=(address,)) for address in (API, "https://other.example")
    )
    assert flow.introspect(client, meant, token)["active"] is True
    assert flow.introspect(client, other, token) == {"active": False}
    headers = {"Authorization": f"Bearer {token}"}
    assert client.post("/api/v1/grants/g_x/uses", json={}, headers=headers).status_code == 401


HEADERS: dict[str, dict[str, Any]] = {
    "jwk": {"jwk": True},
    "jku": {"jku": "https://evil.example/jwks.json"},
    "jku of ours, opened elsewhere": {"jku": "http://localhost:8000/oauth/jwks@evil.example"},
    "x5u": {"x5u": "https://evil.example/chain.pem"},
    "x5c": {"x5c": ["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"]},
    "kid a path": {"kid": "../../../../dev/null"},
    "kid an address": {"kid": "https://evil.example/key"},
    "kid SQL": {"kid": "x' UNION SELECT 'AAAA' --"},
    "kid empty": {"kid": ""},
}


@pytest.mark.parametrize("extra", HEADERS.values(), ids=HEADERS)
def test_no_header_brings_a_key_along(client: FlaskClient, extra: dict[str, Any]) -> None:
    """Whatever the header says, keys are ours; and nobody is asked for any."""
    sign_in_as(client, an_account())
    good = flow.tokens_for(client, a_client())["access_token"]
    mine = ECKey.generate_key("P-256", auto_kid=True)
    said = {"jwk": mine.as_dict(private=False)} if "jwk" in extra else extra
    for ours in ({}, {"kid": flow.header_of(good)["kid"]}):
        header = {"typ": "at+jwt", "alg": "ES256", **ours, **said}
        forged = jwt.encode(header, flow.claims_of(good), mine, ["ES256"])
        assert flow.userinfo(client, forged).status_code == 401
        assert keys.verified(forged, kind="at+jwt") is None
