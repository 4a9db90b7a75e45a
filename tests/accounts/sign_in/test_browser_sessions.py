"""Ending sessions: only for whoever has just shown who they are, and by the password alone."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Account, BrowserSession
from idp.extensions import db
from tests.browsing import links_of, post, sign_in_as
from tests.factories.accounts import PASSWORD, an_account
from tests.factories.factors import an_app

LIST = "/account/sessions"
OTHERS = "/account/sessions/others"


def signed_in_long_ago(client: FlaskClient, account: Account) -> BrowserSession:
    return sign_in_as(client, account, authenticated_at=clock.now() - timedelta(hours=1))


def test_a_stolen_session_ends_none_of_its_owners(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    elsewhere = sign_in_as(app.test_client(), account)
    signed_in_long_ago(client, account)
    end = f"{LIST}/{elsewhere.public_id}/end"
    for path in (end, OTHERS):
        refused = post(client, path, form_path=LIST)
        assert refused.location == f"/account/confirm?next={path}"
    db.session.refresh(elsewhere)
    assert elsewhere.ended_at is None


def test_the_list_is_there_without_it_and_the_way_out_too(app: Flask, client: FlaskClient) -> None:
    here = signed_in_long_ago(client, an_account())
    page = client.get(LIST)
    assert page.status_code == 200
    assert f"{LIST}/{here.public_id}/end" not in page.text
    assert 'action="/sign-out"' in page.text


def test_after_the_password_one_is_back_at_the_button(app: Flask, client: FlaskClient) -> None:
    account = an_account()
    elsewhere = sign_in_as(app.test_client(), account)
    signed_in_long_ago(client, account)
    end = f"{LIST}/{elsewhere.public_id}/end"
    asked = post(client, end, form_path=LIST)
    confirmed = post(client, asked.location, {"password": PASSWORD})
    shown = client.get(confirmed.location, follow_redirects=True)
    assert shown.request.path == LIST
    post(client, end, form_path=LIST)
    db.session.refresh(elsewhere)
    assert elsewhere.ended_at is not None


def test_whoever_lost_the_second_factor_can_still_shut_out_the_thief(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account()
    an_app(account)
    elsewhere = sign_in_as(app.test_client(), account, amr=["pwd", "otp"])
    sign_in_as(client, account)
    assert post(client, OTHERS).location == LIST
    db.session.refresh(elsewhere)
    assert elsewhere.ended_at is not None


def test_the_page_of_factors_offers_it(app: Flask, client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert OTHERS in links_of(client.get("/account/security/factors"))
