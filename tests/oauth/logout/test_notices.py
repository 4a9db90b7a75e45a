"""Who is told when a session ends, in whichever way it does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts import endings, locking, passwords, sessions
from idp.accounts.data import erasure
from idp.accounts.models import Account
from idp.accounts.passwords import services as new_passwords
from idp.audit import SYSTEM
from idp.extensions import db, transaction
from idp.oauth import clients
from idp.oauth.authorization import consents
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, PASSWORD, an_account, joao
from tests.factories.oauth import a_client
from tests.oauth import flow
from tests.oauth.logout.hearing import a_hearer, noticed

Ending = Callable[[FlaskClient, Account], object]


def pressed(browser: FlaskClient, _account: Account) -> None:
    browsing.post(browser, "/sign-out", form_path="/account")


def by_its_name(browser: FlaskClient, account: Account) -> None:
    (session,) = sessions.live_sessions(account, at=clock.now())
    path = f"/account/sessions/{session.public_id}/end"
    browsing.post(browser, path, form_path="/account/sessions")


def by_another_browser(browser: FlaskClient, account: Account) -> None:
    other = browser.application.test_client()
    sign_in_as(other, account)
    browsing.post(other, "/account/sessions/others")


def by_a_new_password(_browser: FlaskClient, account: Account) -> None:
    with transaction():
        hashed = passwords.hash_password("another long password")
        new_passwords.set_password(account, hashed, by=account.actor, at=clock.now())


def by_a_lock(_browser: FlaskClient, account: Account) -> None:
    with transaction():
        locking.lock(account, by=SYSTEM, at=clock.now(), reason="test")


def by_erasure(_browser: FlaskClient, account: Account) -> None:
    with transaction():
        erasure.erase(account, by=account.actor, at=clock.now())


def by_age(_browser: FlaskClient, _account: Account) -> None:
    with transaction():
        endings.end_due(clock.now() + timedelta(days=1))


def by_somebody_else(browser: FlaskClient, _account: Account) -> None:
    joao()
    application = a_client(first_party=True)
    page = flow.authorize(browser, application, prompt="select_account")
    data = {"identifier": "390.533.447-05", "password": PASSWORD}
    browsing.post(browser, browsing.link_of(page, "account-other"), data)


@pytest.mark.parametrize(
    "end",
    [
        pressed,
        by_its_name,
        by_another_browser,
        by_a_new_password,
        by_a_lock,
        by_erasure,
        by_age,
        by_somebody_else,
    ],
)
def test_however_a_session_ends_its_applications_are_told(client: FlaskClient, end: Ending) -> None:
    account = an_account()
    session = sign_in_as(client, account)
    application, deaf = a_hearer(), a_client(first_party=True)
    flow.tokens_for(client, application)
    flow.tokens_for(client, deaf)
    end(client, account)
    assert noticed() == [(application.client_id, MARIA, session.public_id)]


def test_an_end_that_is_rolled_back_tells_nobody(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    flow.tokens_for(client, a_hearer())
    with pytest.raises(ZeroDivisionError), transaction():
        endings.end_all(account, at=clock.now())
        raise ZeroDivisionError
    assert noticed() == []


def test_only_the_applications_of_that_session_are_told(app: Flask) -> None:
    here, there = app.test_client(), app.test_client()
    account = an_account()
    session, _other = sign_in_as(here, account), sign_in_as(there, account)
    first, second = a_hearer(), a_hearer()
    flow.tokens_for(here, first)
    flow.tokens_for(there, first)
    flow.tokens_for(there, second)
    browsing.post(here, "/sign-out", form_path="/account")
    assert noticed() == [(first.client_id, MARIA, session.public_id)]


def test_one_application_is_told_once_however_often_it_was_let_in(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_hearer()
    for _ in range(3):
        flow.tokens_for(client, application)
    browsing.post(client, "/sign-out", form_path="/account")
    assert len(noticed()) == 1


def test_the_session_that_is_kept_is_not_told_of(client: FlaskClient) -> None:
    account = an_account()
    session = sign_in_as(client, account)
    flow.tokens_for(client, a_hearer())
    with transaction():
        endings.end_everything(account, at=clock.now(), keep=session)
    assert noticed() == []


def test_signing_in_again_ends_nothing_and_signing_out_then_tells_each_by_its_own_sid(
    client: FlaskClient,
) -> None:
    earlier = sign_in_as(client, an_account())
    first, second = a_hearer(), a_hearer()
    flow.tokens_for(client, first)
    sent = flow.authorize(client, first, prompt="login")
    data = {"identifier": "529.982.247-25", "password": PASSWORD}
    browsing.post(client, sent.headers["Location"], data)
    assert noticed() == []
    later = flow.claims_of(flow.tokens_for(client, second)["id_token"])["sid"]
    browsing.post(client, "/sign-out", form_path="/account")
    told = {(client_id, sid) for client_id, _subject, sid in noticed()}
    assert told == {(first.client_id, earlier.public_id), (second.client_id, later)}


def test_whoever_may_know_no_tax_id_is_told_the_name_that_it_knows(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_hearer(subject_type="pairwise", scope="openid")
    known = flow.claims_of(flow.tokens_for(client, application)["id_token"])["sub"]
    browsing.post(client, "/sign-out", form_path="/account")
    ((_client_id, subject, _sid),) = noticed()
    assert subject == known != MARIA


def test_who_withdrew_a_consent_still_has_the_application_told(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application = a_hearer(first_party=False)
    flow.tokens_for(client, application)
    with transaction():
        consents.withdraw(account, application.client_id, at=clock.now())
    browsing.post(client, "/sign-out", form_path="/account")
    assert [each[0] for each in noticed()] == [application.client_id]


def test_an_application_that_was_shut_out_is_not_told(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_hearer()
    flow.tokens_for(client, application)
    with transaction():
        clients.disable(application.client_id, by=SYSTEM, at=clock.now())
    browsing.post(client, "/sign-out", form_path="/account")
    assert noticed() == []


def test_a_session_ends_by_its_age_once_at_its_time_and_not_before(client: FlaskClient) -> None:
    session = sign_in_as(client, an_account())
    flow.tokens_for(client, a_hearer())
    with transaction():
        assert endings.end_due(session.expires_at - timedelta(seconds=1)) == 0
        assert endings.end_due(session.expires_at) == 1
        assert endings.end_due(session.expires_at) == 0
    db.session.refresh(session)
    assert session.ended_at == session.expires_at
    assert len(noticed()) == 1


def test_offline_access_outlives_the_sign_out_that_the_application_is_told_of(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_hearer()
    answer = flow.tokens_for(client, application, scope="openid offline_access")
    browsing.post(client, "/sign-out", form_path="/account")
    assert len(noticed()) == 1
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 200


def test_a_code_is_worth_nothing_once_its_session_is_over_even_with_offline_access(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_hearer()
    code = flow.code_for(client, application, scope="openid offline_access")
    browsing.post(client, "/sign-out", form_path="/account")
    refused = flow.exchange(client, application, code)
    assert refused.get_json()["error"] == "invalid_grant"
