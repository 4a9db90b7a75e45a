"""Nothing personal and no secret ever reaches a log line."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock, logs, signing
from idp.identifiers import public_id, secret_token
from tests.conftest import make_app

CPF = "52998224725"


class Output(io.StringIO):
    """What was written to the log."""

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def output() -> Iterator[Output]:
    """The log as a server writes it, at its most talkative."""
    written = Output()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure("DEBUG", written)
    yield written
    root.handlers, root.level = handlers, level
    for name in logs.OTHERS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture
def failing_app(server_url: str) -> Flask:
    """An application with a page that fails with what it was told."""
    app = make_app(server_url)

    def fail(token: str) -> str:
        raise ValueError(f"can't use {token}")

    app.add_url_rule("/failing/<token>", view_func=fail)
    return app


@pytest.mark.parametrize(
    "secret",
    [
        CPF,
        "529.982.247-25",
        f"br:cpf:{CPF}",
        f"cpf{CPF}",
        "12.ABC.345/01DE-35",
        "12ABC34501DE35",
        "12345678Z",
        "X1234567L",
        "X-1234567-L",
        "B58378431",
        "501964843",
        "es:passport:AB12345",
        "maria.silva+x@example.com.br",
        "maria%40example.com",
        pytest.param(secret_token(), id="secret_token"),
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA",
    ],
)
@pytest.mark.parametrize("around", ["{}", "a {} b", "<{}>", "'{}',", "x={}", "\n{}\n"])
def test_what_looks_like_a_secret_is_blanked(secret: str, around: str) -> None:
    assert secret not in logs.clean(around.format(secret))


def test_a_query_string_is_blanked_and_the_path_stays() -> None:
    assert logs.clean("GET /login?next=/a&x=1 HTTP/1.1") == "GET /login?[removed] HTTP/1.1"


def test_the_password_of_an_address_is_blanked() -> None:
    assert logs.clean("postgresql://me:p4ss@db/x") == "postgresql://[removed]db/x"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(public_id("g"), id="public_id"),
        "2026-08-01T12:00:00",
        "id=1234",
        "idp.requests",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert logs.clean(text) == text


def test_a_signed_link_is_blanked(app: Flask) -> None:
    token = signing.sign("activation", public_id("r"))
    assert token.split(".")[1] not in logs.clean(f"GET /activate/{token} HTTP/1.1")


def test_every_part_of_a_line_is_cleaned(output: Output) -> None:
    log = logging.getLogger("idp.test")
    try:
        raise ValueError(f"bad {CPF}")
    except ValueError:
        log.exception(
            "%s failed",
            f"<{CPF}>",
            extra={"holder": CPF, "deep": {"a": [CPF, {CPF: (CPF,)}], "n": 5}, "o": Shown()},
            stack_info=True,
        )
    assert CPF not in output.getvalue()
    (line,) = output.lines()
    assert line["message"] == "<[removed]> failed"
    assert line["holder"] == "[removed]"
    assert "ValueError: bad [removed]" in str(line["exc_info"])


class Shown:
    """An object whose text holds a tax id."""

    def __str__(self) -> str:
        return f"of {CPF}"


def test_a_line_is_json_with_a_time_a_level_and_a_logger(output: Output) -> None:
    logging.getLogger("idp.test").warning("olá\nolá")
    (line,) = output.lines()
    assert {name: line[name] for name in ("level", "logger", "message")} == {
        "level": "WARNING",
        "logger": "idp.test",
        "message": "olá\nolá",
    }
    assert abs(datetime.fromisoformat(str(line["time"])) - clock.now()) < timedelta(minutes=1)


def test_other_handlers_see_the_record_as_it_was(
    output: Output, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger().addHandler(caplog.handler)
    logging.getLogger("idp.test").warning("for %s", CPF)
    assert caplog.messages == [f"for {CPF}"]


def test_a_request_is_logged_by_its_route(client: FlaskClient, output: Output) -> None:
    token = secret_token()
    answer = client.get(f"/activate/{token}?cpf={CPF}")
    (line,) = [line for line in output.lines() if line["message"] == "request"]
    assert line["route"] == "/activate/<token>"
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["status"] == answer.status_code
    assert isinstance(line["milliseconds"], float)
    assert token not in output.getvalue()
    assert CPF not in output.getvalue()


def test_an_unknown_address_is_not_logged(client: FlaskClient, output: Output) -> None:
    client.get(f"/{CPF}/maria@example.com")
    assert [line["route"] for line in output.lines()] == [None]


def test_what_was_posted_leaves_no_trace(client: FlaskClient, output: Output) -> None:
    form = {"identifier": CPF, "email": "maria@example.com", "password": "correct horse"}
    for path in ("/login", "/register", "/recover"):
        client.post(f"{path}?next={CPF}", data=form, headers={"Referer": f"https://x/?a={CPF}"})
    written = output.getvalue()
    for secret in (*form.values(), "horse"):
        assert secret not in written


@pytest.mark.parametrize("secret", [CPF, "maria@example.com", "x" * 43])
def test_an_exception_that_quotes_the_request_is_logged_without_it(
    failing_app: Flask, output: Output, secret: str
) -> None:
    logs.configure("DEBUG", output)
    answer = failing_app.test_client().get(f"/failing/{secret}?email={secret}")
    assert answer.status_code == 500
    assert secret not in output.getvalue()
    assert "ValueError: can't use [removed]" in output.getvalue()


def test_an_error_handler_that_fails_is_logged_by_route(failing_app: Flask, output: Output) -> None:
    def broken(_error: Exception) -> str:
        raise RuntimeError("broken handler")

    logs.configure("DEBUG", output)
    failing_app.register_error_handler(ValueError, broken)
    assert failing_app.test_client().get("/failing/a-short-secret").status_code == 500
    assert "a-short-secret" not in output.getvalue().replace("can't use a-short-secret", "")


@pytest.mark.parametrize("name", ["werkzeug", "granian.access", "sqlalchemy.engine.Engine"])
def test_servers_and_libraries_do_not_write_addresses_or_sql(output: Output, name: str) -> None:
    logging.getLogger(name).info("GET /activate/abc")
    assert output.getvalue() == ""


@pytest.mark.parametrize("name", ["_granian", "werkzeug", "sqlalchemy"])
def test_what_else_they_say_is_clean_json(output: Output, name: str) -> None:
    logging.getLogger(name).addHandler(logging.StreamHandler(output))
    logs.configure("INFO", output)
    logging.getLogger(name).error("lost %s", CPF)
    assert [line["message"] for line in output.lines()][-1] == "lost [removed]"
