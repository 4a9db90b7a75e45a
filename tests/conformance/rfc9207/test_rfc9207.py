"""RFC 9207, Authorization Server Issuer Identification."""

from tests.conformance.conftest import World
from tests.oauth import flow


def test_2_the_issuer_is_in_every_answer_success_or_error(world: World) -> None:
    page = flow.authorize(world.browser, world.other)
    for answer in (
        flow.authorize(world.browser, world.trusted),
        flow.authorize(world.browser, world.trusted, scope="nothing"),
        flow.authorize(world.browser, world.trusted, request="x"),
        flow.authorize(world.browser, world.other, prompt="none"),
        flow.agree(world.browser, page, "deny"),
    ):
        assert flow.answered(answer)["iss"] == flow.ISSUER


def test_3_the_metadata_says_so(world: World) -> None:
    metadata = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["authorization_response_iss_parameter_supported"] is True
