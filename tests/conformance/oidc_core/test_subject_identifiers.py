"""OpenID Connect Core 1.0, section 8: subject identifier types. The rest is in tests/oauth."""

from typing import Any

import pytest

from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidClientMetadata
from tests.conformance.conftest import World
from tests.factories.accounts import MARIA
from tests.factories.oauth import a_client
from tests.oauth import flow


def a_partner(**metadata: Any) -> RegisteredClient:
    return a_client(
        **{"first_party": True, "subject_type": "pairwise", "scope": "openid profile", **metadata}
    )


def sub_for(world: World, client: RegisteredClient) -> str:
    return str(flow.claims_of(flow.tokens_for(world.browser, client)["id_token"])["sub"])


def test_8_both_types_are_announced(world: World) -> None:
    document = world.browser.get("/.well-known/openid-configuration").get_json()
    assert document["subject_types_supported"] == ["public", "pairwise"]


def test_8_a_public_subject_is_the_same_for_all(world: World) -> None:
    assert sub_for(world, world.trusted) == sub_for(world, a_client(first_party=True)) == MARIA


def test_8_1_a_pairwise_subject_is_the_same_within_a_sector_and_says_nothing(world: World) -> None:
    first, again, neighbour = (sub_for(world, a_partner()) for _ in range(3))
    assert first == again == neighbour
    assert MARIA not in first
    assert len(first) == 43


def test_8_1_the_sector_is_the_host_of_the_redirect_uris(world: World) -> None:
    elsewhere = a_partner(
        redirect_uris=("https://app.example/callback",),
        sector_identifier_uri="https://another.example/uris.json",
    )
    assert sub_for(world, elsewhere) != sub_for(world, a_partner())


def test_8_1_several_hosts_need_a_sector(world: World) -> None:
    with pytest.raises(InvalidClientMetadata):
        a_partner(redirect_uris=("https://app.example/callback", "https://b.example/callback"))


def test_5_3_2_userinfo_has_the_subject_of_the_id_token(world: World) -> None:
    answer = flow.tokens_for(world.browser, a_partner())
    info = flow.userinfo(world.browser, answer["access_token"]).get_json()
    assert info["sub"] == flow.claims_of(answer["id_token"])["sub"]
