"""Whatever is sent, the answer is a standard one: a page, a redirect or a known OAuth error."""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import REDIRECT_URI, a_client, a_resource_server
from tests.oauth import flow

AUTHORIZATION_ERRORS = {
    "invalid_request",
    "unauthorized_client",
    "access_denied",
    "unsupported_response_type",
    "invalid_scope",
    "login_required",
    "consent_required",
    "invalid_request_object",
    "invalid_request_uri",
    "registration_not_supported",
    "invalid_target",
    "invalid_authorization_details",
}
TOKEN_ERRORS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "invalid_target",
}
NAMES = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "login_hint",
    "id_token_hint",
    "ui_locales",
    "claims",
    "response_mode",
    "request",
    "request_uri",
    "registration",
    "resource",
    "authorization_details",
    "display",
    "asked_again",
    "chosen",
    "dpop_jkt",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "client_secret",
    "token",
    "token_type_hint",
    "access_token",
    "lang",
    "post_logout_redirect_uri",
    "client_assertion",
    "audience",
    "seen",
    "decision",
    "holder",
    "holder_search",
    "holder_after",
]
HOSTILE = [
    "",
    " ",
    "\x00",
    "\r\nSet-Cookie: x=1",
    "'; DROP TABLE clients; --",
    '"><script>alert(1)</script>',
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "[" * 500,
    '{"a":' * 300,
    "9" * 400,
    "-1",
    "1e9",
    "NaN",
    "١٢٣",
    "\u202e\ufeff\U0001f600",
    "x" * 2000,
    "none login",
    "S256",
    "plain",
    "code",
    "code id_token",
    "openid",
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "form_post",
    "jwt",
    "urn:ietf:params:oauth:request_uri:x",
    "e30.e30.e30",
    "eyJhbGciOiJub25lIn0.e30.",
    "https://evil.example/",
]
values = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))
names = st.one_of(
    st.sampled_from(NAMES), st.text(string.ascii_letters + "[]%\x00é", min_size=1, max_size=12)
)
changes = st.lists(st.tuples(names, values), max_size=4)
often = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass
class World:
    """Somebody signed in, an application and a resource server."""

    browser: FlaskClient
    application: RegisteredClient
    api: RegisteredClient
    access_token: str


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    browser = app.test_client()
    sign_in_as(browser, an_account())
    application = a_client(first_party=True)
    token = flow.tokens_for(browser, application)["access_token"]
    yield World(browser, application, a_resource_server(), token)


def merged(base: dict[str, str], extra: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The base with parameters replaced; a name that comes twice is sent twice."""
    found: dict[str, list[str]] = {name: [value] for name, value in base.items()}
    seen: set[str] = set()
    for name, value in extra:
        found[name] = [*found[name], value] if name in seen else [value]
        seen.add(name)
    return found


def check_authorization(response: TestResponse) -> None:
    assert response.status_code in (200, 303, 400), response.status_code
    location = response.headers.get("Location", "")
    assert "evil.example" not in location.partition("?")[0]
    if location.startswith(REDIRECT_URI):
        answer = {name: each[0] for name, each in parse_qs(urlsplit(location).query).items()}
        if "response" in answer:  # signed
            answer = flow.claims_of(answer["response"])
        assert "code" in answer or answer["error"] in AUTHORIZATION_ERRORS
        assert answer["iss"] == flow.ISSUER
    elif response.status_code == 303:
        assert location.startswith(("/login?", "/oauth/authorize?"))
    assert "Set-Cookie: x" not in str(response.headers)


@often
@given(extra=changes)
def test_the_authorization_endpoint(world: World, extra: list[tuple[str, str]]) -> None:
    parameters = merged(flow.request_for(world.application), extra)
    check_authorization(world.browser.get("/oauth/authorize", query_string=parameters))
    check_authorization(world.browser.post("/oauth/authorize", data=parameters))


@often
@given(extra=changes)
def test_the_endpoint_of_pushed_requests(world: World, extra: list[tuple[str, str]]) -> None:
    parameters = merged(flow.request_for(world.application), extra)
    headers = flow.basic(world.application)
    response = world.browser.post("/oauth/par", data=parameters, headers=headers)
    assert response.status_code in (201, 400, 401)
    if response.status_code != 201:
        assert response.get_json()["error"] in AUTHORIZATION_ERRORS | TOKEN_ERRORS
    assert response.headers["Cache-Control"] == "no-store"


@often
@given(
    extra=changes,
    kind=st.sampled_from(["authorization_code", "refresh_token", "client_credentials"]),
)
def test_the_token_endpoint(world: World, extra: list[tuple[str, str]], kind: str) -> None:
    base = {"grant_type": kind, "code": "x", "refresh_token": "x", "redirect_uri": REDIRECT_URI}
    response = world.browser.post(
        "/oauth/token", data=merged(base, extra), headers=flow.basic(world.application)
    )
    assert response.status_code in (200, 400, 401)
    if response.status_code != 200:
        assert response.get_json()["error"] in TOKEN_ERRORS
    assert response.headers["Cache-Control"] == "no-store"


@often
@given(extra=changes, header=values)
def test_introspection_and_revocation(
    world: World, extra: list[tuple[str, str]], header: str
) -> None:
    data = merged({"token": world.access_token}, extra)
    for path in ("/oauth/introspect", "/oauth/revoke"):
        answer = world.browser.post(path, data=data, headers=flow.basic(world.api))
        assert answer.status_code in (200, 400, 401)
        clean = "".join(each for each in header if each.isascii() and each.isprintable())
        refused = world.browser.post(path, data=data, headers={"Authorization": clean})
        assert refused.status_code in (400, 401)


@often
@given(token=values, extra=changes)
def test_userinfo(world: World, token: str, extra: list[tuple[str, str]]) -> None:
    clean = "".join(each for each in token if each.isascii() and each.isprintable())
    header = {"Authorization": f"Bearer {clean}"}
    assert world.browser.get("/oauth/userinfo", headers=header).status_code == 401
    posted = world.browser.post("/oauth/userinfo", data=merged({"access_token": token}, extra))
    assert posted.status_code in (400, 401)


@often
@given(extra=changes)
def test_logout(world: World, extra: list[tuple[str, str]]) -> None:
    base = {"client_id": world.application.client_id, "state": "x"}
    parameters = merged(base, extra)
    for response in (
        world.browser.get("/oauth/logout", query_string=parameters),
        world.browser.post("/oauth/logout", data=parameters),
    ):
        assert response.status_code in (200, 303, 400)
        assert response.headers.get("Location", "/").startswith("/")


@pytest.mark.parametrize(
    "path", ["token", "par", "introspect", "revoke", "userinfo", "authorize", "logout"]
)
def test_a_megabyte_is_refused_cleanly(world: World, path: str) -> None:
    huge = {"token": "x" * 1_000_000, "state": "x" * 1_000_000}
    headers = {} if path == "userinfo" else flow.basic(world.api)
    response = world.browser.post(f"/oauth/{path}", data=huge, headers=headers)
    assert response.status_code in (400, 401, 413)


@pytest.mark.parametrize("path", ["token", "par", "introspect", "revoke"])
def test_a_body_that_is_no_form_is_a_standard_error(world: World, path: str) -> None:
    for body, kind in (("{}", "application/json"), ("\xff\xfe", "text/plain"), ("", "")):
        response = world.browser.post(
            f"/oauth/{path}", data=body, content_type=kind, headers=flow.basic(world.api)
        )
        assert (response.status_code, response.get_json()["error"]) == (400, "invalid_request")


def test_other_methods_are_not_allowed(world: World) -> None:
    for path in ("token", "par", "introspect", "revoke"):
        assert world.browser.get(f"/oauth/{path}").status_code == 405
    assert world.browser.put("/oauth/userinfo").status_code == 405
    assert world.browser.delete("/oauth/authorize").status_code == 405
