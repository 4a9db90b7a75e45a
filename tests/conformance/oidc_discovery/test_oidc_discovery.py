"""OpenID Connect Discovery 1.0: section 3, the metadata, and section 4, where they are had."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.conftest import World
from tests.oauth import flow

WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    """What is told there."""
    return dict(world.browser.get(WELL_KNOWN).get_json())


def test_3_every_required_member_is_there(document: dict[str, Any]) -> None:
    required = {
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "scopes_supported",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
        "claims_supported",
    }
    assert required <= document.keys()


def test_3_no_member_is_empty_or_null(document: dict[str, Any]) -> None:
    """RFC 8414 section 3.2: claims with zero elements must be omitted."""
    assert [name for name, value in document.items() if value in (None, [], "")] == []


def test_3_openid_is_among_the_scopes_and_rs256_among_the_algorithms(
    document: dict[str, Any],
) -> None:
    assert "openid" in document["scopes_supported"]
    assert "RS256" in document["id_token_signing_alg_values_supported"]


def test_3_none_signs_nothing_of_ours(document: dict[str, Any]) -> None:
    ours = [
        name
        for name in document
        if name.startswith(("id_token_", "userinfo_", "introspection_", "authorization_"))
        and name.endswith("signing_alg_values_supported")
        and "_auth_" not in name
    ]
    assert len(ours) == 4
    for name in ours:
        assert set(document[name]) == {"RS256", "PS256", "ES256", "EdDSA"}, name


def test_3_encryption_is_told(document: dict[str, Any]) -> None:
    for place in ("id_token", "userinfo"):
        algorithms = document[f"{place}_encryption_alg_values_supported"]
        assert set(algorithms) == {"RSA-OAEP-256", "ECDH-ES"}
        assert document[f"{place}_encryption_enc_values_supported"] == ["A256GCM"]


def test_3_every_endpoint_is_ours_and_there(world: World, document: dict[str, Any]) -> None:
    addresses = {
        name: value
        for name, value in document.items()
        if name == "jwks_uri" or name.endswith("_endpoint")
    }
    for name, address in addresses.items():
        assert address.startswith(f"{flow.ISSUER}/"), name
        assert not urlsplit(address).fragment, name
        path = address.removeprefix(flow.ISSUER)
        found = {world.browser.open(path, method=each).status_code for each in ("GET", "POST")}
        assert found != {404}, name


def test_3_a_key_of_each_signing_algorithm_is_published(
    world: World, document: dict[str, Any]
) -> None:
    path = document["jwks_uri"].removeprefix(flow.ISSUER)
    answer = world.browser.get(path)
    published = answer.get_json()["keys"]
    algorithms = set(document["id_token_signing_alg_values_supported"])
    assert algorithms <= {each["alg"] for each in published}
    assert len({each["kid"] for each in published}) == len(published)
    private = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
    assert not [each for each in published if private & each.keys()]
    assert "max-age" in answer.headers["Cache-Control"]


def test_4_it_is_json_at_the_well_known_place(world: World) -> None:
    answer = world.browser.get(WELL_KNOWN)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert "Set-Cookie" not in answer.headers


def test_4_3_the_issuer_is_the_one_in_id_tokens(world: World, document: dict[str, Any]) -> None:
    token = flow.tokens_for(world.browser, world.trusted)["id_token"]
    assert document["issuer"] == flow.claims_of(token)["iss"] == flow.ISSUER
    assert urlsplit(document["issuer"]).query == urlsplit(document["issuer"]).fragment == ""
