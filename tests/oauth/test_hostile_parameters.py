"""Whatever a browser is sent with, the answer is a standard one: a page or a redirect."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.browsing import csrf_token, sign_in_as
from tests.factories.accounts import an_account
from tests.factories.approvals import a_call, a_device_code
from tests.factories.oauth import REDIRECT_URI, a_client, a_resource_server
from tests.oauth import flow, hostility, standards
from tests.oauth.approvals.asking import a_call_centre, a_device
from tests.oauth.hostility import changes_of, merged, often
from tests.oauth.standards import assert_harmless, assert_registered


@dataclass
class World:
    """Somebody signed in, an application and a resource server."""

    browser: FlaskClient
    application: RegisteredClient
    api: RegisteredClient
    id_token: str
    device_code: str
    call: str


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    browser, account = app.test_client(), an_account()
    sign_in_as(browser, account)
    application = a_client(first_party=True)
    yield World(
        browser=browser,
        application=application,
        api=a_resource_server(),
        id_token=flow.tokens_for(browser, application)["id_token"],
        device_code=a_device_code(a_device()),
        call=f"/approvals/{a_call(a_call_centre(), account).public_id}",
    )


def code_on(page: TestResponse) -> str:
    """The error that the page names; empty: it is none."""
    return page.text.partition('id="error-code">')[2].partition("<")[0]


def assert_authorization(response: TestResponse) -> None:
    assert_harmless(response, 200, 303, 400)
    if response.status_code == 400:
        assert_registered({"error": code_on(response)}, 400, *standards.AUTHORIZATION)
    location = response.headers.get("Location", "")
    if location.startswith(REDIRECT_URI):
        answer = {name: each[0] for name, each in parse_qs(urlsplit(location).query).items()}
        if "response" in answer:  # signed
            answer = flow.claims_of(answer["response"])
        assert answer["iss"] == flow.ISSUER
        if "code" not in answer:
            assert_registered(answer, 303, *standards.AUTHORIZATION)
    elif response.status_code == 303:
        assert location.startswith(("/login?", "/oauth/authorize?", "/account/"))


@often
@given(extra=changes_of(*hostility.REQUEST, *hostility.PAGES), headers=hostility.headers)
def test_the_authorization_endpoint(
    world: World, extra: list[tuple[str, str]], headers: dict[str, str]
) -> None:
    parameters = merged(flow.request_for(world.application), extra)
    for answer in (
        world.browser.get("/oauth/authorize", query_string=parameters),
        world.browser.get("/oauth/authorize", query_string=parameters, headers=headers),
        world.browser.post("/oauth/authorize", data=parameters),
    ):
        assert_authorization(answer)


@often
@given(extra=changes_of(*hostility.REQUEST, *hostility.PAGES))
def test_the_pages_between_a_request_and_its_answer(
    world: World, extra: list[tuple[str, str]]
) -> None:
    query = merged(flow.request_for(world.application), extra)
    token = csrf_token(world.browser, "/account")
    form = {**merged({"decision": "allow"}, extra), "csrf_token": token}
    for path in ("/oauth/consent", "/oauth/holder"):
        assert_harmless(world.browser.get(path, query_string=query), 200, 303, 400)
        assert_harmless(world.browser.post(path, query_string=query, data=form), 200, 303, 400, 422)


@often
@given(extra=changes_of("user_code", "decision", "seen", "lang"))
def test_the_pages_of_devices_and_calls(world: World, extra: list[tuple[str, str]]) -> None:
    token = csrf_token(world.browser, "/account")
    parameters = merged({"user_code": world.device_code}, extra)
    form = {**merged({"decision": "allow", "user_code": world.device_code}, extra)}
    form["csrf_token"] = [token]
    for path in ("/device", "/oauth/device", world.call):
        assert_harmless(world.browser.get(path, query_string=parameters), 200, 303, 422, 429)
    for path in ("/device", "/device/decision", world.call):
        assert_harmless(world.browser.post(path, data=form), 200, 303, 400, 410, 422, 429)


@often
@given(extra=changes_of(*hostility.LOGOUT), headers=hostility.headers)
def test_logout(world: World, extra: list[tuple[str, str]], headers: dict[str, str]) -> None:
    named = {"client_id": world.application.client_id, "state": "x"}
    for base in (named, {"id_token_hint": world.id_token, "state": "x"}):
        parameters = merged(base, extra)
        browser = world.browser.application.test_client()  # nobody is signed in
        for answer in (
            browser.get("/oauth/logout", query_string=parameters, headers=headers),
            browser.get("/oauth/logout/decision", query_string=parameters),
            browser.post("/oauth/logout", data=parameters),
            world.browser.get("/oauth/logout", query_string=parameters | {"id_token_hint": "x"}),
            world.browser.post("/oauth/logout", data=parameters),
        ):
            assert_harmless(answer, 200, 303, 400)
            assert answer.headers.get("Location", "/").startswith("/")
            if answer.status_code == 400:
                assert_registered({"error": code_on(answer)}, 400, *standards.AUTHORIZATION)


@pytest.mark.parametrize(
    "path",
    [
        *("token", "par", "introspect", "revoke", "userinfo", "authorize", "logout"),
        *("device", "backchannel-authentication", "register"),
    ],
)
def test_a_megabyte_is_refused_cleanly(world: World, path: str) -> None:
    huge = {"token": "x" * 1_000_000, "state": "x" * 1_000_000}
    headers = {} if path == "userinfo" else flow.basic(world.api)
    response = world.browser.post(f"/oauth/{path}", data=huge, headers=headers)
    assert response.status_code in (400, 401, 413)


@pytest.mark.parametrize(
    "path", ["token", "par", "introspect", "revoke", "device", "backchannel-authentication"]
)
def test_a_body_that_is_no_form_is_a_standard_error(world: World, path: str) -> None:
    wanted = (400, "unauthorized_client" if path in NOT_FOR_APIS else "invalid_request")
    for body, kind in (("{}", "application/json"), ("\xff\xfe", "text/plain"), ("", "")):
        response = world.browser.post(
            f"/oauth/{path}", data=body, content_type=kind, headers=flow.basic(world.api)
        )
        assert (response.status_code, response.get_json()["error"]) == wanted


NOT_FOR_APIS = ("device", "backchannel-authentication")


def test_other_methods_are_not_allowed(world: World) -> None:
    for path in ("token", "par", "introspect", "revoke", "backchannel-authentication", "register"):
        assert world.browser.get(f"/oauth/{path}").status_code == 405
    assert world.browser.put("/oauth/userinfo").status_code == 405
    assert world.browser.post("/oauth/claims").status_code == 405
    assert world.browser.delete("/oauth/authorize").status_code == 405
