"""RFC 8707, Resource Indicators."""

from tests.conformance.conftest import World
from tests.oauth import flow


def test_2_1_the_resource_asked_for_is_the_audience(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted, resource="https://bills.example")
    assert flow.claims_of(answer["access_token"])["aud"] == "https://bills.example"


def test_2_2_at_the_token_endpoint_too(world: World) -> None:
    answer = flow.ask_token(
        world.browser,
        world.trusted,
        grant_type="client_credentials",
        resource="https://bills.example",
    ).get_json()
    assert flow.claims_of(answer["access_token"])["aud"] == "https://bills.example"


def test_2_an_unknown_or_malformed_resource_is_an_invalid_target(world: World) -> None:
    for resource in ("https://other.example", "relative", "https://api.example#x", "\x00"):
        answer = flow.authorize(world.browser, world.trusted, resource=resource)
        assert flow.answered(answer)["error"] == "invalid_target"


def test_2_several_resources_are_refused_because_a_token_has_one_audience(world: World) -> None:
    address = flow.address_for(world.trusted, resource="https://api.example")
    answer = world.browser.get(f"{address}&resource=https://bills.example")
    assert flow.answered(answer)["error"] == "invalid_target"


def test_2_2_a_code_or_refresh_token_cannot_be_turned_to_another_resource(world: World) -> None:
    code = flow.code_for(world.browser, world.trusted, resource="https://bills.example")
    other = {"resource": "https://api.example"}
    refused = flow.exchange(world.browser, world.trusted, code, **other)
    assert refused.get_json()["error"] == "invalid_target"
    token = flow.exchange(
        world.browser, world.trusted, code, resource="https://bills.example"
    ).get_json()["refresh_token"]
    refused = flow.refresh(world.browser, world.trusted, token, **other)
    assert refused.get_json()["error"] == "invalid_target"
    assert flow.refresh(world.browser, world.trusted, token).status_code == 200
