"""Closing one's account: what the pages say and ask, and what nobody else can make happen."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account, BrowserSession
from idp.extensions import db
from idp.invitations.lookup import token_of
from idp.mail.models import Mail
from tests.browsing import csrf_token, errors_of, heading_of, links_of, post, sign_in_as
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.invitations import an_invitation
from tests.factories.registry import holdings

CLOSING = "/account/data/closing"
LONG_AGO = timedelta(hours=1)


def is_erased(account: Account) -> bool:
    return db.session.get_one(Account, account.id).erased_at is not None


@pytest.mark.parametrize("path", ["/account/data", CLOSING])
def test_a_stranger_signs_in_first(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, f"/login?next={path}")


@pytest.mark.parametrize("language", ["en", "es", "pt-BR"])
@pytest.mark.parametrize("path", ["/account/data", CLOSING, "/account/closed"])
def test_every_page_shows_in_every_language(client: FlaskClient, path: str, language: str) -> None:
    sign_in_as(client, an_account())
    page = client.get(f"{path}?lang={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_the_way_there_begins_at_the_account(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert "/account/data" in links_of(client.get("/account"))
    page = client.get("/account/data")
    assert CLOSING in links_of(page)
    assert "180 days" in page.text
    assert "30 days" in page.text


def test_the_page_says_for_whom_what_is_lost(client: FlaskClient) -> None:
    maria, guest = an_account(), joao()
    a_grant(maria, guest, holdings(maria.tax_id, 1))
    a_grant(guest, maria, holdings(guest.tax_id, 1))
    sign_in_as(client, maria)
    page = client.get(CLOSING).text
    assert "1 person loses it" in page
    assert "no longer act for 1 holder." in page
    assert "Everybody concerned is told" in page
    assert "represent" not in page.split("What we delete")[0].partition("What ends")[2]


def test_nobody_is_said_to_lose_what_was_never_given(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    page = client.get(CLOSING).text
    assert "Access you gave" not in page
    assert "Everybody concerned" not in page


def test_the_password_is_asked_for_again(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria, authenticated_at=clock.now() - LONG_AGO)
    answer = client.get(CLOSING)
    assert (answer.status_code, answer.location) == (302, f"/account/confirm?next={CLOSING}")
    token = csrf_token(client, "/account/confirm")
    answer = client.post(CLOSING, data={"csrf_token": token, "understood": "yes"})
    assert answer.location == f"/account/confirm?next={CLOSING}"
    assert not is_erased(maria)
    answer = post(client, f"/account/confirm?next={CLOSING}", {"password": PASSWORD})
    assert answer.location == CLOSING
    assert client.get(CLOSING).status_code == 200


@pytest.mark.parametrize("box", [{}, {"understood": ""}, {"understood": " "}, {"other": "yes"}])
def test_without_the_tick_nothing_happens(client: FlaskClient, box: dict[str, str]) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    answer = post(client, CLOSING, box)
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["understood"]
    assert not is_erased(maria)


def test_another_site_closes_nothing(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    assert client.post(CLOSING, data={"understood": "yes"}).status_code == 400
    assert client.get(f"{CLOSING}?understood=yes").status_code == 200
    assert not is_erased(maria)


def test_the_account_closes_and_every_browser_is_signed_out(
    app: Flask, client: FlaskClient
) -> None:
    maria, elsewhere = an_account(), app.test_client()
    sign_in_as(elsewhere, maria)
    sign_in_as(client, maria)
    answer = post(client, CLOSING, {"understood": "yes"})
    assert (answer.status_code, answer.location) == (303, "/account/closed")
    assert heading_of(client.get("/account/closed")) == "Your account is closed"
    assert is_erased(maria)
    for browser in (client, elsewhere):
        assert browser.get("/account").location == "/login?next=/account"
    live = select(BrowserSession).where(BrowserSession.ended_at.is_(None))
    assert db.session.scalars(live).all() == []
    assert db.session.scalars(select(Mail.template)).all() == ["account_erased"]


def test_nobody_signs_in_again_and_the_answer_is_that_for_a_stranger(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    post(client, CLOSING, {"understood": "yes"})
    typed = {"identifier": "529.982.247-25", "password": PASSWORD}
    answer = post(client, "/login", typed)
    assert answer.status_code == 422
    assert errors_of(answer)[""].startswith("The tax id, the e-mail address or the password")
    for password in ("", " "):
        assert post(client, "/login", {**typed, "password": password}).status_code == 422


def test_recovery_writes_to_nobody(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    post(client, CLOSING, {"understood": "yes"})
    asked = {"tax_id": "529.982.247-25", "email": "maria@example.com"}
    assert post(client, "/recover", asked).status_code == 303
    assert post(client, "/activation/resend", {"tax_id": "529.982.247-25"}).status_code == 303
    assert db.session.scalars(select(Mail.template)).all() == ["account_erased"]


def test_links_that_the_person_sent_open_nothing_any_more(app: Flask, client: FlaskClient) -> None:
    maria = an_account()
    token = token_of(an_invitation(maria))
    sign_in_as(client, maria)
    post(client, CLOSING, {"understood": "yes"})
    guest = app.test_client()
    sign_in_as(guest, joao())
    page = guest.get(f"/invitations/{token}", headers={"Accept-Language": "en"})
    assert "invitation-accept" not in page.text
    assert "cancelled" in page.text


def test_a_second_press_of_the_button_meets_the_sign_in_page(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    token = csrf_token(client, CLOSING)
    form = {"csrf_token": token, "understood": "yes"}
    assert client.post(CLOSING, data=form).location == "/account/closed"
    token = csrf_token(client, "/login")
    answer = client.post(CLOSING, data={**form, "csrf_token": token})
    assert answer.location.startswith("/login")
