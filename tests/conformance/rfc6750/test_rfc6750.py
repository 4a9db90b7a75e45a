"""RFC 6750, Bearer Token Usage."""

from tests.conformance.conftest import World
from tests.oauth import flow


def test_2_1_and_2_2_a_token_is_taken_from_the_header_or_the_body(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    assert flow.userinfo(world.browser, token).status_code == 200
    posted = world.browser.post("/oauth/userinfo", data={"access_token": token})
    assert posted.status_code == 200


def test_2_a_token_may_not_come_in_two_ways(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    twice = world.browser.post("/oauth/userinfo", data={"access_token": token}, headers=headers)
    assert (twice.status_code, twice.get_json()["error"]) == (400, "invalid_request")


def test_2_3_a_token_in_the_address_is_not_taken(world: World) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    refused = world.browser.get("/oauth/userinfo", query_string={"access_token": token})
    assert refused.status_code == 401


def test_3_a_request_without_a_token_is_told_the_scheme_and_no_error(world: World) -> None:
    refused = world.browser.get("/oauth/userinfo")
    assert refused.status_code == 401
    told = refused.headers["WWW-Authenticate"]
    assert told.startswith('Bearer realm="outorga", resource_metadata=')
    assert "error" not in told


def test_3_1_a_bad_token_is_invalid_and_a_lesser_one_insufficient(world: World) -> None:
    bad = flow.userinfo(world.browser, "x")
    assert bad.status_code == 401
    assert 'error="invalid_token"' in bad.headers["WWW-Authenticate"]
    token = flow.tokens_for(world.browser, world.trusted, scope="email")["access_token"]
    lesser = flow.userinfo(world.browser, token)
    assert lesser.status_code == 403
    assert 'error="insufficient_scope"' in lesser.headers["WWW-Authenticate"]
