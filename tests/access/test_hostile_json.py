"""Whatever is sent, the answer is a decision or a 4xx in JSON; never a fault of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.access.asking import EVALUATION, EVALUATIONS, EVERYWHERE, World, a_world, question
from tests.oauth import flow

NOT_STRINGS: list[Any] = [None, 7, 1.5, True, [], ["x"], {}, {"id": "x"}]
NOT_OURS = ["x" * 257, "x" * 100_000, "a\x00b", "\ud800", "\n", "\u202e", "\x7f"]
HARMLESS = ["", " ", "'; DROP TABLE grants; --", "<b>", "%s", "{{7*7}}", "é" * 256, "١٢٣", "🗲"]
BODIES = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"1",
    b"{",
    b'{"subject": }',
    b"{'subject': 1}",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b'{"subject": "\xff"}',
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b'{"subject": 1, "subject": 2}',
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b"{} {}",
    b"\x00",
]


def send(world: World, path: str, body: bytes, kind: str = "application/json") -> TestResponse:
    return world.client.post(path, data=body, content_type=kind, headers=flow.basic(world.api))


def assert_refused(response: TestResponse) -> None:
    """A refusal that a program can read."""
    assert response.status_code in (400, 413), (response.status_code, response.text[:500])
    assert response.content_type == "application/json"
    answer = response.get_json()
    assert answer["error"] == "invalid_request"
    assert answer["error_description"].isascii()
    assert response.headers["Cache-Control"] == "no-store"


def members(body: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every member."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield (*path, name)
            yield from members(value, (*path, name))


def changed(body: Any, path: tuple[str, ...], value: Any) -> Any:
    """A copy with another value there."""
    name, *rest = path
    return {**body, name: changed(body[name], tuple(rest), value) if rest else value}


def a_body(world: World) -> dict[str, Any]:
    """A good one with every member that we know."""
    body = question(world.joao, "read", world.owned[0], distributor="elektro", holder="x")
    return {**body, "context": {"a": "b"}, "page": {"limit": 5}, "options": {"x": "y"}}


@pytest.mark.parametrize("path", EVERYWHERE)
def test_what_is_no_json_object_is_refused(world: World, path: str) -> None:
    for body in BODIES:
        assert_refused(send(world, path, body))


@pytest.mark.parametrize("path", EVERYWHERE)
def test_another_content_type_is_refused(world: World, path: str) -> None:
    body = json.dumps(a_body(world)).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"):
        assert_refused(send(world, path, body, kind))
    assert send(world, path, body, "application/json; charset=utf-8").status_code == 200


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_megabyte_is_refused(world: World, path: str) -> None:
    body = json.dumps({**a_body(world), "context": {"x": "x" * 1_000_000}}).encode()
    assert_refused(send(world, path, body))


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_member_of_another_kind_is_refused_or_not_looked_at(world: World, path: str) -> None:
    good = a_body(world)
    for place in members(good):
        for value in [*NOT_STRINGS, *NOT_OURS, *HARMLESS]:
            body = json.dumps(changed(good, place, value)).encode()
            response = send(world, path, body)
            if response.status_code != 200:
                assert_refused(response)


@pytest.mark.parametrize(
    "place",
    [
        ("subject",),
        ("subject", "type"),
        ("subject", "id"),
        ("action",),
        ("action", "name"),
        ("resource",),
        ("resource", "type"),
        ("resource", "id"),
        ("resource", "properties", "distributor"),
        ("resource", "properties", "holder"),
    ],
)
def test_a_value_that_is_no_plain_text_is_refused(world: World, place: tuple[str, ...]) -> None:
    for value in [*NOT_STRINGS, *NOT_OURS]:
        if isinstance(value, dict) and len(place) == 1:
            continue
        assert_refused(
            send(world, EVALUATION, json.dumps(changed(a_body(world), place, value)).encode())
        )


@pytest.mark.parametrize("place", [("subject", "id"), ("resource", "id"), ("action", "name")])
def test_any_plain_text_is_answered_by_a_decision(world: World, place: tuple[str, ...]) -> None:
    for value in HARMLESS:
        body = json.dumps(changed(a_body(world), place, value)).encode()
        assert send(world, EVALUATION, body).get_json()["decision"] is False


def test_what_we_do_not_know_may_hold_anything(world: World) -> None:
    body = question(world.joao, "read", world.owned[0])
    body["unknown"] = {"\ud800": ["\x00", -1e300, {"deep": [[[[]]]]}]}
    body["subject"]["unknown"] = [None]
    body["subject"]["properties"] = {"\x00": "\ud800"}
    assert send(world, EVALUATION, json.dumps(body).encode()).get_json()["decision"] is True


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "id", "name", "properties", "token", "limit", "x"]), inner
        )
    ),
    max_leaves=10,
)
names = ["subject", "action", "resource", "context", "evaluations", "options", "page", "x"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.dictionaries(st.sampled_from(names), anything, max_size=3),
    path=st.sampled_from(EVERYWHERE),
)
def test_any_json_at_all(fuzzed: World, changes: dict[str, Any], path: str) -> None:
    body = json.dumps({**a_body(fuzzed), **changes}).encode()
    response = send(fuzzed, path, body)
    if response.status_code != 200:
        assert_refused(response)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=200), path=st.sampled_from(EVERYWHERE))
def test_any_bytes_at_all(fuzzed: World, body: bytes, path: str) -> None:
    assert_refused(send(fuzzed, path, body))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=st.lists(anything, min_size=1, max_size=6))
def test_any_evaluations_at_all(fuzzed: World, items: list[Any]) -> None:
    body = {**question(fuzzed.joao, "read", fuzzed.owned[0]), "evaluations": items}
    response = send(fuzzed, EVALUATIONS, json.dumps(body).encode())
    if response.status_code == 200:
        decisions = response.get_json()["evaluations"]
        assert len(decisions) == len(items)
    else:
        assert_refused(response)


@pytest.fixture
def fuzzed(app: Flask, client: FlaskClient) -> World:
    return a_world(client)


@pytest.mark.parametrize("given_id", ["", "a\tb", "x" * 2000, "é", "\x7f", "<script>"])
def test_any_request_id_is_answered(world: World, given_id: str) -> None:
    body = question(world.joao, "read", world.owned[0])
    response = world.ask(EVALUATION, body, **{"X-Request-ID": given_id})
    assert response.status_code == 200
    assert len(response.headers.getlist("X-Request-ID")) == 1


@pytest.mark.parametrize("path", EVERYWHERE)
def test_other_methods_are_not_allowed(world: World, path: str) -> None:
    for method in ("get", "put", "delete", "patch"):
        response = getattr(world.client, method)(path, headers=flow.basic(world.api))
        assert response.status_code == 405
