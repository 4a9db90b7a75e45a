"""RFC 7662, Token Introspection."""

from tests.conformance.conftest import World
from tests.factories.accounts import MARIA
from tests.oauth import flow


def test_2_1_only_somebody_who_proves_who_they_are_may_ask(world: World) -> None:
    assert world.browser.post("/oauth/introspect", data={"token": "x"}).status_code == 401
    missing = world.browser.post("/oauth/introspect", headers=flow.basic(world.api))
    assert missing.get_json()["error"] == "invalid_request"


def test_2_2_an_active_token_is_described(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted, scope="openid email")["access_token"]
    seen = flow.introspect(world.browser, world.api, token)
    assert seen["active"] is True
    assert seen["sub"] == MARIA
    assert seen["client_id"] == world.trusted.client_id
    assert seen["scope"] == "openid email"
    assert seen["token_type"] == "Bearer"
    assert seen["aud"] == "https://api.example"
    assert seen["iss"] == flow.ISSUER
    assert {"exp", "iat", "jti", "acr", "auth_time"} <= set(seen)


def test_2_2_anything_else_is_inactive_and_no_more_is_said(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted)
    for token in ("unknown", answer["refresh_token"], answer["id_token"]):
        assert flow.introspect(world.browser, world.api, token) == {"active": False}


def test_4_a_refused_client_cannot_tell_tokens_apart(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    theirs = flow.introspect(world.browser, world.other, token)
    assert theirs == flow.introspect(world.browser, world.other, "unknown")
