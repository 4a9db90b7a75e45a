"""RFC 9728, OAuth 2.0 protected resource metadata, of our own APIs."""

import re
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conformance.conftest import World
from tests.factories.oauth import a_client, a_resource_server
from tests.oauth import flow

WELL_KNOWN = "/.well-known/oauth-protected-resource"
PATHS = ("", "/oauth/userinfo", "/access/v1", "/api/v1")


def metadata(browser: FlaskClient, path: str) -> TestResponse:
    return browser.get(f"{WELL_KNOWN}{path}")


@pytest.mark.parametrize("path", PATHS)
def test_2_every_document_says_whose_tokens_open_it(world: World, path: str) -> None:
    document = metadata(world.browser, path).get_json()
    assert document["resource"] == f"{flow.ISSUER}{path}"
    assert document["authorization_servers"] == [flow.ISSUER]
    assert document["scopes_supported"]
    assert "header" in document["bearer_methods_supported"]
    assert "query" not in document["bearer_methods_supported"]
    assert not [name for name, value in document.items() if value in (None, "", [])]


@pytest.mark.parametrize("path", PATHS)
def test_3_1_it_is_had_where_the_address_of_the_resource_says(world: World, path: str) -> None:
    answer = metadata(world.browser, path)
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert urlsplit(answer.get_json()["resource"]).query == ""
    assert "max-age" in answer.headers["Cache-Control"]


def test_3_1_what_is_no_resource_of_ours_has_no_document(world: World) -> None:
    assert metadata(world.browser, "/admin").status_code == 404


def test_4_the_authorization_server_names_its_resources(world: World) -> None:
    document = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert document["protected_resources"] == [f"{flow.ISSUER}{path}" for path in PATHS]


@pytest.mark.parametrize(
    ("method", "path", "resource"),
    [
        ("GET", "/oauth/userinfo", "/oauth/userinfo"),
        ("GET", "/oauth/claims", ""),
        ("POST", "/access/v1/evaluation", "/access/v1"),
        ("POST", "/access/v1/search/resource", "/access/v1"),
        ("POST", "/api/v1/grants/g_x/uses", "/api/v1"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}], ids=["none", "wrong"])
def test_5_1_a_challenge_names_the_metadata(
    world: World, method: str, path: str, resource: str, headers: dict[str, str]
) -> None:
    refused = world.browser.open(path, method=method, json={}, headers=headers)
    assert refused.status_code == 401
    challenge = refused.headers["WWW-Authenticate"]
    named = re.search(r'resource_metadata="([^"]+)"', challenge)
    assert named, challenge
    assert named[1] == f"{flow.ISSUER}{WELL_KNOWN}{resource}"
    found = world.browser.get(named[1].removeprefix(flow.ISSUER)).get_json()
    assert found["resource"] == f"{flow.ISSUER}{resource}"


def own_token(world: World, resource: str) -> dict[str, str]:
    """A resource server's own token for one of our APIs."""
    server = a_resource_server(scope="grant_uses")
    answer = flow.ask_token(
        world.browser, server, grant_type="client_credentials", resource=resource
    )
    return {"Authorization": f"Bearer {answer.get_json()['access_token']}"}


def decision(world: World, headers: dict[str, str]) -> int:
    question = {
        "subject": {"type": "user", "id": "br:cpf:52998224725"},
        "action": {"name": "read"},
        "resource": {"type": "installation", "id": "1"},
    }
    path = "/access/v1/evaluation"
    return world.browser.post(path, json=question, headers=headers).status_code


def test_7_4_a_token_for_one_api_of_ours_opens_that_one_alone(world: World) -> None:
    """Section 7.4: audience-restricted tokens."""
    assert decision(world, own_token(world, f"{flow.ISSUER}/access/v1")) == 200
    assert decision(world, own_token(world, flow.ISSUER)) == 200
    assert decision(world, own_token(world, f"{flow.ISSUER}/api/v1")) == 401
    uses = "/api/v1/grants/g_x/uses"
    for_decisions = own_token(world, f"{flow.ISSUER}/access/v1")
    for_uses = own_token(world, f"{flow.ISSUER}/api/v1")
    assert world.browser.post(uses, json={}, headers=for_decisions).status_code == 401
    assert world.browser.post(uses, json={}, headers=for_uses).status_code != 401


@pytest.mark.parametrize("resource", ["/admin", "/access", "/access/v1/", "x", "/oauth"])
def test_7_4_nothing_else_of_ours_can_be_asked_for(world: World, resource: str) -> None:
    refused = flow.ask_token(
        world.browser,
        a_client(),
        grant_type="client_credentials",
        resource=f"{flow.ISSUER}{resource}",
    )
    assert refused.get_json()["error"] == "invalid_target"
