"""Codes and refresh tokens are read without a lock and used by one statement, last of all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from authlib.oauth2.rfc6749 import InvalidGrantError
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, event, func, select

from idp import clock, reads
from idp.accounts.models import Account
from idp.extensions import db
from idp.identifiers import digest
from idp.oauth.authorization import authorizations, redeeming
from idp.oauth.authorization.statements import CODE, REFRESH_TOKEN
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import RefreshToken
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow

OFFLINE = "openid offline_access"


@pytest.fixture
def account(client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


@pytest.fixture
def application(account: Account) -> RegisteredClient:
    return a_client()


def kept() -> int:
    """How many refresh tokens there are."""
    return db.session.scalars(select(func.count()).select_from(RefreshToken)).one()


def test_a_refresh_token_whose_authorization_ends_meanwhile_is_not_rotated(
    client: FlaskClient, application: RegisteredClient
) -> None:
    token = flow.tokens_for(client, application, scope=OFFLINE)["refresh_token"]
    at, before = clock.now(), kept()
    found = redeeming.find_refresh_token(token, application, at=at)
    assert found is not None
    authorizations.revoke(found.authorization.id, at=at)
    with pytest.raises(InvalidGrantError):
        redeeming.rotate(found, application, key=None, at=at)
    assert kept() == before


def test_a_code_whose_authorization_ends_meanwhile_gives_nothing(
    client: FlaskClient, application: RegisteredClient
) -> None:
    code, at, before = flow.code_for(client, application, scope=OFFLINE), clock.now(), kept()
    found = redeeming.find_code(code, application, at=at)
    assert found is not None
    authorizations.revoke(found.authorization.id, at=at)
    with pytest.raises(InvalidGrantError):
        redeeming.redeem_code(found, application, key=None, refreshing=True, at=at)
    assert kept() == before


@pytest.mark.parametrize("refreshing", [True, False])
def test_a_code_that_two_have_read_is_redeemed_by_the_first_and_ended_by_the_second(
    client: FlaskClient, application: RegisteredClient, refreshing: bool
) -> None:
    code, at, before = flow.code_for(client, application, scope=OFFLINE), clock.now(), kept()
    first, second = (redeeming.find_code(code, application, at=at) for _ in range(2))
    assert first is not None
    assert second is not None
    token = redeeming.redeem_code(first, application, key=None, refreshing=refreshing, at=at)
    assert (token is not None, kept() - before) == (refreshing, int(refreshing))
    with pytest.raises(InvalidGrantError):
        redeeming.redeem_code(second, application, key=None, refreshing=refreshing, at=at)
    if token is not None:
        assert redeeming.find_refresh_token(token, application, at=at) is None


def test_a_refresh_token_that_two_have_read_is_rotated_by_the_first_and_ended_by_the_second(
    client: FlaskClient, application: RegisteredClient
) -> None:
    token, at = flow.tokens_for(client, application, scope=OFFLINE)["refresh_token"], clock.now()
    first, second = (redeeming.find_refresh_token(token, application, at=at) for _ in range(2))
    assert first is not None
    assert second is not None
    following = redeeming.rotate(first, application, key=None, at=at)
    with pytest.raises(InvalidGrantError):
        redeeming.rotate(second, application, key=None, at=at)
    assert redeeming.find_refresh_token(following, application, at=at) is None


def test_what_is_refused_for_another_reason_leaves_the_secret_unused(
    client: FlaskClient, application: RegisteredClient
) -> None:
    code = flow.code_for(client, application, scope=OFFLINE)
    elsewhere = {"resource": "https://elsewhere.example"}
    assert flow.exchange(client, application, code, **elsewhere).status_code == 400
    token = flow.exchange(client, application, code).get_json()["refresh_token"]
    assert flow.refresh(client, application, token, **elsewhere).status_code == 400
    assert flow.refresh(client, application, token, scope="openid email").status_code == 400
    assert flow.refresh(client, application, token).status_code == 200


@contextmanager
def asked() -> Iterator[list[str]]:
    """How the database is asked: "alone" for each statement by itself, else "in a transaction"."""
    how: list[str] = []
    rows = reads.rows

    def alone(statement: Any, parameters: Any) -> list[Any]:
        how.append("alone")
        return rows(statement, parameters)

    def within(*_parts: Any) -> None:
        how.append("in a transaction")

    event.listen(db.engine, "before_cursor_execute", within)
    try:
        with patch.object(reads, "rows", alone):
            yield how
    finally:
        event.remove(db.engine, "before_cursor_execute", within)


def test_an_answer_takes_two_statements_and_no_transaction(committed_app: Flask) -> None:
    browser = committed_app.test_client()
    with committed_app.app_context():
        sign_in_as(browser, an_account())
        application = a_client()
        token = flow.tokens_for(browser, application, scope=OFFLINE)["refresh_token"]
        code = flow.code_for(browser, application, scope=OFFLINE)
        with asked() as how:
            assert flow.refresh(browser, application, token).status_code == 200
            assert flow.exchange(browser, application, code).status_code == 200
    assert how == ["alone"] * 4


@pytest.mark.parametrize("statement", [CODE, REFRESH_TOKEN])
def test_however_much_was_let_in_each_table_is_looked_into_once(
    client: FlaskClient, application: RegisteredClient, statement: Select[Any]
) -> None:
    for _ in range(20):
        token = flow.tokens_for(client, application, scope=OFFLINE)["refresh_token"]
    code = flow.code_for(client, application, scope=OFFLINE)
    asked = {"hash": digest(code if statement is CODE else token), "at": clock.now()}
    explain = f"EXPLAIN (ANALYZE) {statement.compile(dialect=db.engine.dialect)}"
    lines = db.session.connection().exec_driver_sql(explain, asked).scalars().all()
    read = [line for line in lines if "actual" in line]
    assert all("loops=1)" in line for line in read), "\n".join(lines)
