"""Refusals become statuses and pages in one place."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from idp.errors import Conflict, DomainError, NotAllowed, NotFound, TooManyAttempts
from idp.http_errors import status_of
from tests.conftest import make_app


class Refused(DomainError):
    """A refusal without a status of its own."""

    code = "refused"
    text = "No."


class Lost(NotFound):
    """A more precise kind of not found."""

    code = "lost"


ERRORS: dict[str, Exception] = {
    "refused": Refused(),
    "lost": Lost(),
    "not_allowed": NotAllowed(),
    "conflict": Conflict(),
    "too_many": TooManyAttempts(retry_after=42),
    "away": OperationalError("SELECT", {}, Exception("gone")),
    "pool": PoolTimeout("QueuePool limit reached"),
    "fault": RuntimeError("secret inside"),
}


@pytest.fixture(scope="module")
def failing(server_url: str) -> FlaskClient:
    """Pages that fail, each in its way."""
    app = make_app(server_url)

    def fail(how: str) -> str:
        raise ERRORS[how]

    app.add_url_rule("/failing/<how>", view_func=fail)
    return app.test_client()


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("refused", 422, "refused"),
        ("lost", 404, "lost"),
        ("not_allowed", 403, "not_allowed"),
        ("conflict", 409, "conflict"),
        ("too_many", 429, "too_many_attempts"),
        ("away", 503, "temporarily_unavailable"),
        ("pool", 503, "temporarily_unavailable"),
        ("fault", 500, "server_error"),
    ],
)
def test_each_refusal_has_its_status_as_a_page_and_as_json(
    failing: FlaskClient, how: str, status: int, code: str
) -> None:
    page = failing.get(f"/failing/{how}", headers={"Accept": "text/html"})
    assert page.status_code == status
    assert f'id="error-code">{code}<' in page.text
    problem = failing.get(f"/failing/{how}", headers={"Accept": "application/json"})
    assert problem.status_code == status
    assert problem.content_type == "application/problem+json"
    body = json.loads(problem.text)
    assert (body["status"], body["code"]) == (status, code)
    assert "secret inside" not in page.text + problem.text
    assert page.headers["Cache-Control"] == "no-store"


def test_waiting_times_are_told(failing: FlaskClient) -> None:
    assert failing.get("/failing/too_many").headers["Retry-After"] == "42"
    assert failing.get("/failing/pool").headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/healthz", 405), ("BREW", "/healthz", 405)],
)
def test_what_the_routing_refuses_is_a_page_too(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert 'id="error-code"' in answer.text
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("host", ["x" * 64, f"{'x' * 64}.example", "a..b"])
@pytest.mark.parametrize("path", ["/login", "/nothing", "/oauth/authorize", "/api/v1/x"])
def test_a_host_that_is_no_name_is_a_fault_of_whoever_asks(
    client: FlaskClient, path: str, host: str
) -> None:
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request")


def test_a_post_without_a_token_is_a_page_that_helps(client: FlaskClient) -> None:
    answer = client.post("/login", data={"identifier": "x"})
    assert answer.status_code == 400
    assert 'id="error-code">csrf_failed<' in answer.text


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    assert client.post("/login", data={"identifier": "x" * 300_000}).status_code == 413


def test_an_error_names_the_field_it_belongs_to() -> None:
    assert Refused(field="email").field == "email"
    assert Refused().field is None
    assert status_of(Lost()) == 404


def test_a_page_for_a_broken_service_needs_no_database() -> None:
    app: Flask = make_app("postgresql://nobody@localhost:1/none", database_pool_size=2)
    client = app.test_client()
    client.set_cookie("session_token", "x")
    answer = client.get("/account")
    assert answer.status_code == 503
    assert 'id="error-code">temporarily_unavailable<' in answer.text
