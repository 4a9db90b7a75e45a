"""RFC 9701, JWT response for OAuth token introspection."""

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth.clients import RegisteredClient
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA
from tests.factories.oauth import a_resource_server
from tests.oauth import flow

MEDIA_TYPE = "application/token-introspection+jwt"
API = "https://api.example"


def asked(
    world: World, token: str, server: RegisteredClient | None = None, accept: str = MEDIA_TYPE
) -> TestResponse:
    headers = {**flow.basic(server or world.api), "Accept": accept}
    return world.browser.post("/oauth/introspect", data={"token": token}, headers=headers)


def a_token(world: World) -> str:
    return str(flow.tokens_for(world.browser, world.trusted, resource=API)["access_token"])


def read(world: World, response: TestResponse, algorithm: str = "RS256") -> jwt.Token:
    jwks = KeySet.import_key_set(world.browser.get("/oauth/jwks").get_json())
    return jwt.decode(response.text, jwks, [algorithm])


def test_4_the_accept_header_asks_for_it(world: World) -> None:
    token = a_token(world)
    for accept in (MEDIA_TYPE, f"application/json;q=0.5, {MEDIA_TYPE}", MEDIA_TYPE.upper()):
        assert asked(world, token, accept=accept).content_type == MEDIA_TYPE
    unwanted = (
        f"{MEDIA_TYPE};q=0",
        f"*/*, {MEDIA_TYPE};q=0.0",
        f"application/json, {MEDIA_TYPE};q=.5",
    )
    for accept in ("application/json", "*/*", "", *unwanted):
        assert asked(world, token, accept=accept).content_type == "application/json"


def test_4_only_an_authenticated_resource_server_is_answered(world: World) -> None:
    headers = {**flow.basic(world.api, "wrong"), "Accept": MEDIA_TYPE}
    data = {"token": a_token(world)}
    refused = world.browser.post("/oauth/introspect", data=data, headers=headers)
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")


def test_5_header_and_claims_are_those_of_an_introspection(world: World) -> None:
    response = asked(world, a_token(world))
    token = read(world, response)
    assert response.status_code == 200
    assert token.header["typ"] == "token-introspection+jwt"
    assert token.claims["iss"] == flow.ISSUER
    assert token.claims["aud"] == world.api.client_id
    assert abs(token.claims["iat"] - clock.now().timestamp()) < 60
    assert token.claims["token_introspection"]["active"] is True
    assert token.claims["token_introspection"]["sub"] == MARIA
    assert not {"sub", "exp"} & token.claims.keys(), "it could be taken for an access token"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("token", ["unknown", "a.b.c"])
def test_5_an_inactive_token_is_told_as_that_and_nothing_else(world: World, token: str) -> None:
    claims = read(world, asked(world, token)).claims
    assert claims["token_introspection"] == {"active": False}


def test_5_a_resource_server_learns_nothing_of_a_token_for_another(world: World) -> None:
    other = a_resource_server(resources=("https://other.example",))
    claims = read(world, asked(world, a_token(world), other)).claims
    assert claims["token_introspection"] == {"active": False}


def test_5_the_answer_of_one_is_meant_for_nobody_else(world: World) -> None:
    """Section 8.1: cross-JWT confusion."""
    answer = asked(world, a_token(world)).text
    assert flow.userinfo(world.browser, answer).status_code == 401
    assert flow.introspect(world.browser, world.api, answer) == {"active": False}


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_6_it_is_signed_with_the_algorithm_that_was_registered(
    world: World, algorithm: str
) -> None:
    server = a_resource_server(resources=(API,), introspection_signed_response_alg=algorithm)
    response = asked(world, a_token(world), server)
    assert read(world, response, algorithm).claims["token_introspection"]["active"] is True


def test_7_the_algorithms_are_announced(world: World) -> None:
    document = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    supported = document["introspection_signing_alg_values_supported"]
    assert "RS256" in supported
    assert "none" not in supported
