"""RFC 9396, Rich Authorization Requests; malformed ones are in tests/oauth."""

import json

from tests.conformance.conftest import World
from tests.factories.registry import an_installation
from tests.oauth import flow


def test_5_an_unknown_type_or_field_is_refused(world: World) -> None:
    for detail in ({"type": "payment"}, {"type": "installation_access", "amount": 1}, {}):
        answer = flow.authorize(
            world.browser, world.trusted, authorization_details=json.dumps([detail])
        )
        assert flow.answered(answer)["error"] == "invalid_authorization_details"


def test_7_and_9_what_was_granted_is_in_the_answer_the_token_and_introspection(
    world: World,
) -> None:
    installation = an_installation(world.account.tax_id)
    asked = [{"type": "installation_access", "actions": ["read"]}]
    answer = flow.tokens_for(world.browser, world.trusted, authorization_details=json.dumps(asked))
    granted = answer["authorization_details"]
    assert granted == [
        {
            "type": "installation_access",
            "relation": "owner",
            "holder": str(world.account.tax_id),
            "actions": ["read"],
            "installations": [installation.code],
        }
    ]
    token = answer["access_token"]
    assert flow.claims_of(token)["authorization_details"] == granted
    seen = flow.introspect(world.browser, world.api, token)
    assert seen["authorization_details"] == granted


def test_2_2_locations_must_be_the_resource_that_is_asked_for(world: World) -> None:
    an_installation(world.account.tax_id)
    detail = {"type": "installation_access", "locations": ["https://api.example"]}
    asked = {"authorization_details": json.dumps([detail])}
    assert "code" in flow.answered(flow.authorize(world.browser, world.trusted, **asked))
    other = flow.authorize(world.browser, world.trusted, resource="https://bills.example", **asked)
    assert flow.answered(other)["error"] == "invalid_authorization_details"


def test_10_the_metadata_names_the_type(world: World) -> None:
    metadata = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["authorization_details_types_supported"] == ["installation_access"]
