"""The short way in answers as Flask does, and is no way around anything that protects."""

import io
import json
import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from flask import Blueprint, Flask, current_app, has_request_context, url_for
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from idp import machine
from idp.errors import TooManyAttempts
from idp.extensions import db
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.machine.requests import MAXIMUM_BODY
from tests.browsing import csrf_token

FAULTS: dict[str, Exception] = {
    "away": OperationalError("SELECT 'secret'", {}, Exception("gone")),
    "broken": RuntimeError("a secret that nobody may see"),
    "refused": TooManyAttempts(retry_after=7),
}


@pytest.fixture(scope="module")
def echoing() -> Flask:
    """An application with one machine endpoint that says what it saw."""
    app = Flask("echoing")
    app.config.update(SECRET_KEY="of no use here", SQLALCHEMY_DATABASE_URI="sqlite://")
    blueprint = Blueprint("echo", __name__)

    @endpoint(blueprint, "/echo", "GET", "POST")
    def echo(asked: MachineRequest) -> Answer:
        fault = asked.args.get("fault")
        if fault:
            raise FAULTS[fault]
        if begun := asked.args.get("begin"):
            db.session.execute(text("INSERT INTO begun VALUES (:status)"), {"status": begun})
            return json_answer({}, int(begun))
        return json_answer(
            {
                "method": asked.method,
                "form": list(asked.form.items(multi=True)),
                "args": list(asked.args.items(multi=True)),
                "url": asked.url,
                "by_flask": has_request_context(),
                "application": current_app.name,
            }
        )

    app.register_blueprint(blueprint)
    machine.init_app(app)
    db.init_app(app)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE begun (status int)"))
    return app


def ask(app: Flask, **builder: Any) -> tuple[int, dict[str, str], dict[str, Any]]:
    """One request, as a server hands it over."""
    environ = EnvironBuilder(path="/echo", **builder).get_environ()
    parts, status, headers = run_wsgi_app(app.wsgi_app, environ)
    body = b"".join(parts)
    return int(status.split()[0]), dict(headers), json.loads(body) if body else {}


def test_a_handler_is_asked_without_flask_and_within_the_application(echoing: Flask) -> None:
    status, _headers, said = ask(echoing, method="POST", data={"a": "1"})
    assert status == 200
    assert said["by_flask"] is False
    assert said["application"] == "echoing"


def test_the_same_handler_is_an_ordinary_route(echoing: Flask) -> None:
    with echoing.test_request_context():
        assert url_for("echo.echo") == "/echo"
    status, headers, said = ask(echoing, method="HEAD")
    assert (status, said) == (200, {})
    assert headers["Content-Type"] == "application/json"


def test_methods_that_it_does_not_take_are_refused(echoing: Flask) -> None:
    environ = EnvironBuilder(path="/echo", method="DELETE").get_environ()
    _parts, status, headers = run_wsgi_app(echoing.wsgi_app, environ)
    assert status.startswith("405")
    assert set(headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_method_in_small_letters_is_the_same_method(echoing: Flask) -> None:
    """Flask reads it so: a form that was posted does not come from the address then either."""
    status, _headers, said = ask(echoing, method="post", data={"a": "1"})
    assert (status, said["method"], said["form"]) == (200, "POST", [["a", "1"]])


def test_parameters_come_decoded_and_as_often_as_they_were_given(echoing: Flask) -> None:
    _status, _headers, said = ask(
        echoing,
        method="POST",
        query_string="q=%C3%A7&q=2&empty=",
        data="a=1+2&a=%E2%82%AC&b",
        content_type="application/x-www-form-urlencoded; charset=utf-8",
    )
    assert said["args"] == [["q", "ç"], ["q", "2"], ["empty", ""]]
    assert said["form"] == [["a", "1 2"], ["a", "€"], ["b", ""]]


@pytest.mark.parametrize("encoded", ["%", "%ff", "a=%00", "=", "&&&", "a=b=c", "\xff"])
def test_malformed_parameters_are_read_as_well_as_they_can_be(echoing: Flask, encoded: str) -> None:
    form = "application/x-www-form-urlencoded"
    data = encoded.encode("latin-1")
    assert ask(echoing, method="POST", data=data, content_type=form)[0] == 200


def test_another_kind_of_body_has_no_parameters(echoing: Flask) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain", ""):
        _status, _headers, said = ask(echoing, method="POST", data=b"a=1", content_type=kind)
        assert said["form"] == []


def test_a_body_that_is_too_large_is_not_read(echoing: Flask) -> None:
    class Unread(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise AssertionError

    environ = EnvironBuilder(
        path="/echo", method="POST", content_type="application/x-www-form-urlencoded"
    ).get_environ()
    for length in (str(MAXIMUM_BODY + 1), "-1", "²", "many", "9" * 5000):
        environ.update({"CONTENT_LENGTH": length, "wsgi.input": Unread()})
        parts, status, _headers = run_wsgi_app(echoing.wsgi_app, environ)
        assert status.startswith("413")
        assert json.loads(b"".join(parts)) == {"error": "invalid_request"}


def in_pieces(body: bytes) -> dict[str, Any]:
    """The environment of a chunked request: its length is known once it has been read."""
    environ = EnvironBuilder(
        path="/echo",
        method="POST",
        content_type="application/x-www-form-urlencoded",
        input_stream=io.BytesIO(body),
        environ_overrides={"wsgi.input_terminated": True},
    ).get_environ()
    environ.pop("CONTENT_LENGTH", None)
    return environ


def test_a_body_that_comes_in_pieces_is_read_to_its_end(echoing: Flask) -> None:
    parts, status, _headers = run_wsgi_app(echoing.wsgi_app, in_pieces(b"a=1&b=2"))
    assert status.startswith("200")
    assert json.loads(b"".join(parts))["form"] == [["a", "1"], ["b", "2"]]


def test_and_no_further_than_any_other(echoing: Flask) -> None:
    environ = in_pieces(b"a=" + b"x" * MAXIMUM_BODY * 2)
    parts, status, _headers = run_wsgi_app(echoing.wsgi_app, environ)
    assert status.startswith("413")
    assert json.loads(b"".join(parts)) == {"error": "invalid_request"}
    assert environ["wsgi.input"].tell() <= MAXIMUM_BODY + 1


def test_a_body_of_unknown_length_is_not_waited_for(echoing: Flask) -> None:
    environ = in_pieces(b"a=1")
    del environ["wsgi.input_terminated"]
    parts, _status, _headers = run_wsgi_app(echoing.wsgi_app, environ)
    assert json.loads(b"".join(parts))["form"] == []


def test_a_refusal_keeps_nothing_that_it_began(echoing: Flask) -> None:
    for status in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST):
        assert ask(echoing, query_string={"begin": status.value})[0] == status
    with echoing.app_context():
        assert db.session.scalars(text("SELECT status FROM begun")).all() == [HTTPStatus.OK]


def test_more_parameters_than_anybody_needs_are_refused(echoing: Flask) -> None:
    many = "&".join(f"p{number}=1" for number in range(501))
    status, _headers, said = ask(echoing, query_string=many)
    assert (status, said) == (400, {"error": "invalid_request"})
    assert ask(echoing, method="HEAD", query_string=many)[0] == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("away", (503, {"error": "temporarily_unavailable"}, "5")),
        ("broken", (500, {"error": "server_error"}, None)),
        ("refused", (429, {"error": "too_many_attempts"}, "7")),
    ],
)
def test_a_fault_is_a_stable_code_and_nothing_more(echoing: Flask, fault: str, told: Any) -> None:
    status, headers, said = ask(echoing, query_string={"fault": fault})
    assert (status, said, headers.get("Retry-After")) == told


@pytest.fixture
def both(client: FlaskClient) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The headers of an answer by the short way, and of one by Flask."""
    short = client.post("/oauth/token", data={}).headers
    long = client.get("/healthz").headers
    yield dict(short), dict(long)


def test_answers_carry_the_headers_that_pages_carry(
    both: tuple[dict[str, str], dict[str, str]],
) -> None:
    short, long = both
    own = {"Content-Type", "Content-Length", "Set-Cookie", "X-Request-Id", "Vary"}
    for name in long.keys() - own:
        assert short[name] == long[name], name
    assert short["X-Request-Id"] != long["X-Request-Id"]
    assert "Set-Cookie" not in short


def test_requests_are_counted_and_told_like_all_others(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    series = 'http_requests_total{method="POST",route="/oauth/introspect",status="401"}'

    def counted() -> float:
        text = client.get("/metrics").get_data(as_text=True)
        found = [line for line in text.splitlines() if line.startswith(series)]
        return float(found[0].rpartition(" ")[2]) if found else 0.0

    before = counted()
    with caplog.at_level(logging.INFO, "idp.requests"):
        client.post("/oauth/introspect", data={"token": "x"})
    assert counted() == before + 1
    told = [vars(record) for record in caplog.records if vars(record).get("route")]
    assert {"method": "POST", "route": "/oauth/introspect", "status": 401}.items() <= told[
        0
    ].items()


def test_no_cookie_opens_anything_here_and_pages_still_want_their_token(
    client: FlaskClient,
) -> None:
    csrf_token(client, "/login")
    for method in ("POST", "post"):  # the second one comes through Flask
        answer = client.open("/oauth/revoke", method=method, data={"token": "x"})
        assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")
    assert client.post("/login", data={"identifier": "x"}).status_code == 400
