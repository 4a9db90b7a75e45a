"""Whatever goes wrong below /api/ is told as problem details, whoever asks and however."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from idp.api import views
from tests.access.test_hostile_json import BODIES, NOT_OURS, NOT_STRINGS
from tests.api.reporting import World, assert_problem, bearer, recorded

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_what_is_not_there(client: FlaskClient) -> None:
    for path in ("/api/", "/api/v1", "/api/v1/grants", "/api/v2/x", "/api/v1/grants/g_1"):
        assert_problem(client.get(path, headers=BROWSER), 404, "not_found")
    assert client.get("/nothing", headers=BROWSER).content_type.startswith("text/html")


def test_a_method_that_is_not_taken(world: World) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        response = world.client.open(world.path, method=method, headers=BROWSER)
        assert_problem(response, 405, "method_not_allowed")
        assert set(response.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_too_much(world: World) -> None:
    body = b'{"uses": "' + b"x" * 300_000 + b'"}'
    response = send(world, body)
    assert_problem(response, 413, "request_entity_too_large")


def test_what_is_not_json_by_its_own_word(world: World) -> None:
    for kind in ("", "text/plain", "application/x-www-form-urlencoded", "application/xml"):
        assert_problem(send(world, b"{}", kind), 415, "unsupported_media_type")


def test_what_is_no_json_object(world: World) -> None:
    for body in BODIES:
        response = send(world, body)
        if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            assert isinstance(json.loads(body), dict), "an object, if not ours"
        elif response.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            assert len(body) > 250_000
        else:
            assert_problem(response, 400, "invalid_request")


def test_what_is_not_as_it_should_be(world: World) -> None:
    uses: list[Any] = [None, 7, "x", {}, [], [7], [[]], [None], [world.use()] * 101]
    for value in uses:
        response = world.client.post(
            world.path, json={"uses": value}, headers=bearer(world.token())
        )
        assert assert_problem(response, 422, "invalid")["errors"], value


@pytest.mark.parametrize(
    "name", ["reference", "at", "action", "installation", "distributor", "description", "more"]
)
def test_no_value_of_a_member_is_a_fault(world: World, name: str) -> None:
    token = world.token()
    for value in (*NOT_STRINGS, *NOT_OURS):
        response = world.report({**world.use(), name: value}, token=token)
        body = assert_problem(response, 422, "invalid")
        assert {each["pointer"] for each in body["errors"]} == {f"#/uses/0/{name}"}, value
    assert recorded() == []


@pytest.mark.parametrize(
    "at",
    [
        "2026-10-15",
        "2026-10-15T10:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-02-30T00:00:00Z",
        "now",
        "infinity",
        1760000000,
    ],
)
def test_a_moment_has_its_offset_and_its_place_in_the_calendar(world: World, at: Any) -> None:
    assert world.report(world.use(at=at)).status_code == 422
    assert recorded() == []


def test_names_that_a_stranger_invented_are_told_harmlessly(world: World) -> None:
    response = world.report({**world.use(), "<b>/~\ud800" + "x" * 500: 1})
    (error,) = assert_problem(response, 422, "invalid")["errors"]
    assert error["pointer"].startswith("#/uses/0/<b>~1~0\\ud800")
    assert len(error["pointer"]) < 120


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (RuntimeError("secret"), 500, "server_error"),
        (OperationalError("SELECT", {}, Exception("secret")), 503, "temporarily_unavailable"),
    ],
)
def test_faults_of_ours(
    world: World, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, code: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise error

    token = world.token()
    monkeypatch.setattr(views, "get_reportable", fail)
    response = world.report(world.use(), token=token)
    assert_problem(response, status, code)
    assert "secret" not in response.text


def send(world: World, body: bytes, kind: str = "application/json") -> Any:
    headers = bearer(world.token())
    return world.client.post(world.path, data=body, content_type=kind, headers=headers)
