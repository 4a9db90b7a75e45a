"""Nobody learns from an answer who has an account: same status, headers, page and cost."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts import passwords
from idp.accounts.passwords import Hashing
from idp.extensions import db
from tests.browsing import csrf_token
from tests.factories.accounts import MARIA, PASSWORD, a_registration, an_account
from tests.statements import statements_sent

CHANGING = re.compile(rb'name="csrf_token" value="[^"]*"')
PER_REQUEST = {"X-Request-Id", "Set-Cookie"}

REGISTRATION = {
    "tax_id": "529.982.247-25",
    "name": "Maria da Silva",
    "email": "maria@example.com",
    "password": PASSWORD,
    "password_confirmation": PASSWORD,
    "accept_terms": "yes",
}
FORMS = {
    "/login": {"identifier": "529.982.247-25", "password": "not the password"},
    "/register": REGISTRATION,
    "/recover": {"tax_id": "529.982.247-25", "email": "maria@example.com"},
    "/recover/email-unknown": {"tax_id": "529.982.247-25", "installation_code": "1"},
    "/recover/change-email": {
        "tax_id": "529.982.247-25",
        "password": "not the password",
        "new_email": "new@example.com",
    },
    "/activation/resend": {"email": "maria@example.com"},
}


class Counting:
    """The real hasher, counted."""

    def __init__(self, hashing: Hashing) -> None:
        self._hasher = hashing.hasher
        self.verified = self.hashed = 0

    def verify(self, known: str, typed: str) -> bool:
        self.verified += 1
        return self._hasher.verify(known, typed)

    def hash(self, typed: str) -> str:
        self.hashed += 1
        return self._hasher.hash(typed)

    def check_needs_rehash(self, known: str) -> bool:
        return self._hasher.check_needs_rehash(known)


@pytest.fixture
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Counting:
    hashing: Hashing = app.extensions["passwords"]
    counting = Counting(hashing)
    replaced = Hashing(counting, hashing.turns, hashing.of_nobody)  # type: ignore[arg-type]
    monkeypatch.setitem(app.extensions, "passwords", replaced)
    return counting


def shape(response: TestResponse) -> tuple[object, ...]:
    headers = sorted((name, value) for name, value in response.headers if name not in PER_REQUEST)
    cookies = [each.split("=")[0] for each in response.headers.getlist("Set-Cookie")]
    return response.status_code, headers, cookies, CHANGING.sub(b"", response.data)


def known() -> None:
    an_account()


def locked() -> None:
    an_account(locked_at=clock.now())


def waiting() -> None:
    a_registration()


def with_another_address() -> None:
    an_account(email="another@example.com")


def with_another_tax_id() -> None:
    an_account(tax_id="br:cpf:11144477735")


STATES = [known, locked, waiting, with_another_address, with_another_tax_id]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("path", FORMS)
def test_the_answer_is_the_same_whoever_is_known(
    app: Flask, client: FlaskClient, path: str, state: Callable[[], None]
) -> None:
    token = csrf_token(client, path)
    data = {**FORMS[path], "csrf_token": token}
    unknown = client.post(path, data=data)
    state()
    assert shape(client.post(path, data=data)) == shape(unknown)


@pytest.mark.parametrize("path", FORMS)
def test_the_limit_is_the_same_whoever_is_known(
    app: Flask, client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SIGN_IN_ATTEMPTS_PER_IDENTIFIER", 5)
    data = {**FORMS[path], "csrf_token": csrf_token(client, path)}
    unknown = [client.post(path, data=data).status_code for _n in range(6)]
    with db.engine.begin() as connection:
        connection.execute(text("TRUNCATE rate_limits"))
    an_account()
    assert [client.post(path, data=data).status_code for _n in range(6)] == unknown
    assert unknown[-1] == 429


@pytest.mark.parametrize("state", [None, *STATES])
def test_a_failed_sign_in_verifies_once_whoever_is_known(
    app: Flask, client: FlaskClient, counted: Counting, state: Callable[[], None] | None
) -> None:
    if state:
        state()
    data = {**FORMS["/login"], "csrf_token": csrf_token(client, "/login")}
    counted.verified = counted.hashed = 0
    assert client.post("/login", data=data).status_code == 422
    assert (counted.verified, counted.hashed) == (1, 0)


@pytest.mark.parametrize("state", [None, *STATES])
def test_a_change_of_a_lost_address_verifies_once_whoever_is_known(
    app: Flask, client: FlaskClient, counted: Counting, state: Callable[[], None] | None
) -> None:
    if state:
        state()
    path = "/recover/change-email"
    data = {**FORMS[path], "csrf_token": csrf_token(client, path)}
    for password in (data["password"], PASSWORD):
        counted.verified = counted.hashed = 0
        assert client.post(path, data={**data, "password": password}).status_code == 303
        assert (counted.verified, counted.hashed) == (1, 0)


@pytest.mark.parametrize("password", ["x" * 257, "x" * 100_000])
@pytest.mark.parametrize("is_known", [True, False])
def test_an_oversized_password_costs_one_verification_too(
    app: Flask, client: FlaskClient, counted: Counting, is_known: bool, password: str
) -> None:
    if is_known:
        an_account()
    data = {**FORMS["/login"], "password": password, "csrf_token": csrf_token(client, "/login")}
    counted.verified = 0
    assert client.post("/login", data=data).status_code == 422
    assert counted.verified == 1


@pytest.mark.parametrize("state", [None, *STATES])
def test_a_registration_hashes_once_whoever_is_known(
    app: Flask, client: FlaskClient, counted: Counting, state: Callable[[], None] | None
) -> None:
    if state:
        state()
    data = {**REGISTRATION, "csrf_token": csrf_token(client, "/register")}
    counted.verified = counted.hashed = 0
    assert client.post("/register", data=data).status_code == 303
    assert (counted.verified, counted.hashed) == (0, 1)


@pytest.mark.parametrize(
    "path", ["/login", "/register", "/recover/email-unknown", "/recover/change-email"]
)
def test_the_same_statements_reach_the_database_whoever_is_known(
    app: Flask, client: FlaskClient, path: str
) -> None:
    data = {**FORMS[path], "csrf_token": csrf_token(client, path)}
    with statements_sent() as unknown:
        client.post(path, data=data)
    an_account()
    with statements_sent() as of_known:
        client.post(path, data=data)
    assert of_known == unknown


def test_a_successful_sign_in_takes_few_statements(app: Flask, client: FlaskClient) -> None:
    an_account()
    db.session.expire_all()
    data = {**FORMS["/login"], "password": PASSWORD, "csrf_token": csrf_token(client, "/login")}
    with statements_sent() as seen:
        assert client.post("/login", data=data).status_code == 303
    assert len(seen) <= 11, seen  # the browser becomes known
    token = csrf_token(client, "/login?again=1")
    with statements_sent() as seen:
        answer = client.post("/login?again=1", data={**data, "csrf_token": token})
    assert answer.status_code == 303
    assert len(seen) <= 13, seen  # the session of before ends


def test_the_stand_in_hash_costs_what_a_real_one_costs(app: Flask) -> None:
    hashing: Hashing = app.extensions["passwords"]
    of_somebody = passwords.hash_password(PASSWORD)
    assert hashing.of_nobody.split("$")[:4] == of_somebody.split("$")[:4]
    assert MARIA not in hashing.of_nobody
