"""OpenID Connect RP-Initiated Logout 1.0; more of it in tests/oauth."""

from tests.conformance.conftest import World
from tests.oauth import flow

BYE = "https://app.example/bye"


def test_2_a_hint_of_the_session_signs_out_and_the_state_comes_back(world: World) -> None:
    hint = flow.tokens_for(world.browser, world.trusted)["id_token"]
    query = {"id_token_hint": hint, "post_logout_redirect_uri": BYE, "state": "1"}
    out = world.browser.get("/oauth/logout", query_string=query)
    assert out.headers["Location"] == f"{BYE}?state=1"
    assert world.browser.get("/account").status_code in (302, 303)


def test_2_get_and_post_are_served(world: World) -> None:
    sent = world.browser.post("/oauth/logout", data={"client_id": world.trusted.client_id})
    assert world.browser.get(sent.headers["Location"]).status_code == 200


def test_2_without_a_hint_the_person_is_asked(world: World) -> None:
    assert 'id="logout-confirm"' in world.browser.get("/oauth/logout").text


def test_2_a_client_that_is_not_the_hints_is_refused(world: World) -> None:
    hint = flow.tokens_for(world.browser, world.trusted)["id_token"]
    query = {"id_token_hint": hint, "client_id": world.other.client_id}
    assert world.browser.get("/oauth/logout", query_string=query).status_code == 400


def test_3_only_a_registered_address_is_gone_back_to(world: World) -> None:
    hint = flow.tokens_for(world.browser, world.trusted)["id_token"]
    query = {"id_token_hint": hint, "post_logout_redirect_uri": f"{BYE}/"}
    out = world.browser.get("/oauth/logout", query_string=query)
    assert out.headers["Location"] == "/signed-out"
