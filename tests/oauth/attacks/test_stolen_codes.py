"""Codes and refresh tokens that somebody got hold of: code injection, replay, reuse."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.audit import Event
from idp.audit.models import AuditEvent
from idp.extensions import db
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow


def test_a_code_of_one_client_is_nothing_to_another(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application, thief = a_client(), a_client()
    code = flow.code_for(client, application)
    assert flow.exchange(client, thief, code).get_json()["error"] == "invalid_grant"
    assert flow.exchange(client, application, code).status_code == 200


def test_a_refresh_token_of_one_client_is_nothing_to_another_even_when_used(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application, thief = a_client(), a_client()
    first = flow.tokens_for(client, application)["refresh_token"]
    assert flow.refresh(client, thief, first).get_json()["error"] == "invalid_grant"
    second = flow.refresh(client, application, first).get_json()["refresh_token"]
    assert flow.refresh(client, thief, first).get_json()["error"] == "invalid_grant"
    assert flow.refresh(client, application, second).status_code == 200


def test_a_code_used_twice_ends_what_it_gave_and_leaves_a_trace(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    code = flow.code_for(client, application)
    answer = flow.exchange(client, application, code).get_json()
    assert flow.exchange(client, application, code).get_json()["error"] == "invalid_grant"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 400
    events = db.session.scalars(db.select(AuditEvent.event)).all()
    assert events.count(Event.CODE_REPLAYED) == 1


def test_a_refresh_token_used_twice_ends_the_whole_chain(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    stolen = flow.tokens_for(client, application, scope="openid offline_access")["refresh_token"]
    answer = flow.refresh(client, application, stolen).get_json()
    assert flow.refresh(client, application, stolen).get_json()["error"] == "invalid_grant"
    refused = flow.refresh(client, application, answer["refresh_token"])
    assert refused.get_json()["error"] == "invalid_grant"
    assert flow.userinfo(client, answer["access_token"]).status_code == 401


def test_two_places_that_use_one_refresh_chain_are_both_thrown_out(committed_app: Flask) -> None:
    with committed_app.app_context():
        browser = committed_app.test_client()
        sign_in_as(browser, an_account())
        application = a_client()
        start = flow.tokens_for(browser, application, scope="openid offline_access")
    last: list[int] = []

    def keep_refreshing() -> None:
        browser, token = committed_app.test_client(), start["refresh_token"]
        for _ in range(200):  # until the other one is found out
            response = flow.refresh(browser, application, token)
            if response.status_code != 200:
                break
            token = response.get_json()["refresh_token"]
        last.append(flow.refresh(browser, application, token).status_code)

    threads = [threading.Thread(target=keep_refreshing) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert last == [400, 400]


def test_an_expired_code_is_worth_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    monkeypatch.setitem(app.config, "AUTHORIZATION_CODE_SECONDS", 0)
    code = flow.code_for(client, application)
    assert flow.exchange(client, application, code).get_json()["error"] == "invalid_grant"


def test_scope_can_be_narrowed_for_one_token_and_never_widened(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    answer = flow.tokens_for(client, application, scope="openid email")
    wider = flow.refresh(client, application, answer["refresh_token"], scope="openid phone")
    assert wider.get_json()["error"] == "invalid_scope"
    less = flow.refresh(client, application, answer["refresh_token"], scope="openid").get_json()
    assert less["scope"] == flow.claims_of(less["access_token"])["scope"] == "openid"
    again = flow.refresh(client, application, less["refresh_token"]).get_json()
    assert again["scope"] == "openid email"
