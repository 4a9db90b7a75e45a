"""RFC 7009, Token Revocation."""

from tests.conformance.conftest import World
from tests.oauth import flow


def revoke(world: World, **form: str) -> int:
    answer = world.browser.post("/oauth/revoke", data=form, headers=flow.basic(world.trusted))
    return answer.status_code


def test_2_1_the_client_proves_itself_and_names_a_token(world: World) -> None:
    assert world.browser.post("/oauth/revoke", data={"token": "x"}).status_code == 401
    assert revoke(world) == 400


def test_2_1_a_public_client_revokes_its_own(world: World) -> None:
    token = flow.tokens_for(world.browser, world.public)["refresh_token"]
    form = {"client_id": world.public.client_id, "token": token}
    assert world.browser.post("/oauth/revoke", data=form).status_code == 200
    assert flow.refresh(world.browser, world.public, token).status_code == 400


def test_2_1_a_refresh_token_takes_its_access_tokens_along(world: World) -> None:
    answer = flow.tokens_for(world.browser, world.trusted)
    assert revoke(world, token=answer["refresh_token"]) == 200
    assert flow.userinfo(world.browser, answer["access_token"]).status_code == 401


def test_2_2_an_unknown_token_and_a_wrong_hint_are_no_error(world: World) -> None:
    assert revoke(world, token="unknown") == 200
    token = flow.tokens_for(world.browser, world.trusted)["access_token"]
    assert revoke(world, token=token, token_type_hint="of my own making") == 200
    assert flow.userinfo(world.browser, token).status_code == 401
