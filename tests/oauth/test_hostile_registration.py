"""Whatever an application says of itself, it is registered or told which member is wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from idp.oauth.clients import ClientMetadata
from tests.oauth import hostility, standards
from tests.oauth.clients.registering import METADATA, an_invitation, bearer, registered
from tests.oauth.clients.signing import KEYS
from tests.oauth.hostility import jsons, often, spoilt, values
from tests.oauth.standards import assert_answered

MEMBERS = [
    *ClientMetadata.__dataclass_fields__,
    *("software_statement", "client_id", "client_secret", "client_name#pt-BR", "unheard_of"),
]
BODIES = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"{",
    b"\xff\xfe{}",
    b"\xef\xbb\xbf{}",
    b'{"client_name": "\xff"}',
    b'{"client_name": NaN}',
    b'{"default_max_age": ' + b"9" * 5000 + b"}",
    b'{"client_name": "a", "client_name": "b"}',
    b'{"jwks": {"keys": [], "keys": []}}',
    b"[" * 100_000,
    b'{"jwks":' * 20_000,
    b'{"jwks":' * 900 + b"1" + b"}" * 900,
    b"{} {}",
    b"{}" + b" " * 300_000,
]
ODD: list[Any] = [7, True, "\ud800", "\x00", "x" * 5000, ["\x00"], [[]], [None], {"keys": [{}]}]
KINDS = st.sampled_from(["application/json", "application/json; charset=utf-16", "text/html", ""])


@dataclass
class World:
    """Somebody invited, and an application that is registered already."""

    browser: FlaskClient
    invitation: str
    known: dict[str, Any]

    def send(
        self, body: bytes, kind: str = "application/json", token: str = "", method: str = "POST"
    ) -> TestResponse:
        """Each time from another network; PUT goes to the client's own address."""
        path = self.known["registration_client_uri"].removeprefix("http://localhost:8000")
        own = self.known["registration_access_token"] if method == "PUT" else self.invitation
        return self.browser.open(
            path if method == "PUT" else "/oauth/register",
            method=method,
            data=body,
            headers={"Content-Type": kind, **bearer(token or own)},
            environ_overrides=hostility.elsewhere(),
        )


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    browser, invitation = app.test_client(), an_invitation(uses=1_000_000, days=1)
    yield World(browser, invitation, registered(browser, invitation))


@often
@given(members=spoilt(*MEMBERS), method=st.sampled_from(["POST", "PUT"]))
def test_members_of_any_kind(world: World, members: dict[str, Any], method: str) -> None:
    body = {**METADATA, **members}
    if method == "PUT":
        body = {"client_id": world.known["client_id"], **body}
    answer = world.send(json.dumps(body).encode(), method=method)
    assert_answered(answer, *standards.REGISTRATION, sent=[*members, *members.values()])


def test_each_member_of_a_wrong_kind(world: World) -> None:
    """Those that Hypothesis may not come by."""
    for name in MEMBERS:
        for value in ODD:
            answer = world.send(json.dumps({**METADATA, name: value}).encode())
            assert_answered(answer, *standards.REGISTRATION)


@pytest.mark.parametrize("key", KEYS["keys"], ids=lambda key: key["kty"])
def test_each_member_of_a_key_of_a_wrong_kind(world: World, key: dict[str, Any]) -> None:
    """In a set with one key, and beside it."""
    for name in (*key, "use", "alg", "x5c", "key_ops", "unheard_of"):
        for value in ODD:
            jwks = {"keys": [{**key, name: value}]}
            for spoilt_set in (jwks, {"keys": [key], name: value}):
                body = {**METADATA, "jwks": spoilt_set}
                answer = world.send(json.dumps(body).encode())
                assert_answered(answer, *standards.REGISTRATION)


@often
@given(spoils=st.lists(spoilt("kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"), max_size=3))
def test_keys_of_any_kind(world: World, spoils: list[dict[str, Any]]) -> None:
    keys = [{**known, **each} for each in spoils for known in KEYS["keys"]]
    body = {**METADATA, "jwks": {"keys": keys}, "token_endpoint_auth_method": "private_key_jwt"}
    answer = world.send(json.dumps(body).encode())
    assert_answered(answer, *standards.REGISTRATION)


@often
@given(body=st.sampled_from(BODIES) | st.binary(max_size=60), kind=KINDS, token=values)
def test_bodies_and_tokens_of_any_kind(world: World, body: bytes, kind: str, token: str) -> None:
    for method in ("POST", "PUT"):
        for shown in ("", hostility.sendable(token)):
            answer = world.send(body, kind, shown, method)
            assert_answered(answer, *standards.REGISTRATION, sent=[token])


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[:30]))
def test_a_body_that_says_nothing_is_refused(world: World, body: bytes) -> None:
    assert world.send(body).status_code in (400, 413)


@often
@given(value=jsons)
def test_a_body_that_is_no_object_is_refused(world: World, value: Any) -> None:
    body = json.dumps(value).encode()
    answer = world.send(body)
    if not isinstance(value, dict):
        assert answer.status_code == 400, answer.text
    assert_answered(answer, *standards.REGISTRATION)
