"""RFC 7636, PKCE, as RFC 9700 section 2.1.1 wants it."""

from tests.conformance.conftest import World
from tests.factories.oauth import a_client
from tests.oauth import flow

WITHOUT = {"code_challenge": None, "code_challenge_method": None}


def test_4_3_a_method_other_than_s256_is_an_invalid_request(world: World) -> None:
    for method in ("plain", "s256", "S512", None):
        answer = flow.authorize(world.browser, world.trusted, code_challenge_method=method)
        assert flow.answered(answer)["error"] == "invalid_request"


def test_4_4_1_a_missing_challenge_is_an_invalid_request(world: World) -> None:
    answer = flow.authorize(world.browser, world.trusted, **WITHOUT)
    assert flow.answered(answer)["error"] == "invalid_request"


def test_4_6_a_wrong_verifier_is_an_invalid_grant(world: World) -> None:
    code = flow.code_for(world.browser, world.trusted)
    for verifier in ("x" * 43, flow.CHALLENGE, flow.VERIFIER + "x"):
        answer = flow.exchange(world.browser, world.trusted, code, code_verifier=verifier)
        assert answer.get_json()["error"] == "invalid_grant"
    for verifier in ("short", "x" * 129, "é" * 43, "\x00" * 43):
        answer = flow.exchange(world.browser, world.trusted, code, code_verifier=verifier)
        assert answer.get_json()["error"] == "invalid_request"


def test_a_client_registered_without_pkce_may_use_it_and_is_then_held_to_it(world: World) -> None:
    old = a_client(first_party=True, require_pkce=False)
    bare = flow.code_for(world.browser, old, **WITHOUT)
    assert flow.exchange(world.browser, old, bare, code_verifier="").status_code == 200
    bound = flow.code_for(world.browser, old)
    refused = flow.exchange(world.browser, old, bound, code_verifier="")
    assert refused.get_json()["error"] == "invalid_request"


def test_rfc9700_4_8_2_a_verifier_without_a_challenge_is_refused(world: World) -> None:
    old = a_client(first_party=True, require_pkce=False)
    bare = flow.code_for(world.browser, old, **WITHOUT)
    assert flow.exchange(world.browser, old, bare).get_json()["error"] == "invalid_request"
