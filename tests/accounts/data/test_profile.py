"""What a person changes of their own record: phone numbers and language."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock, i18n
from idp.accounts.data import profile
from idp.accounts.models import Account
from idp.audit import Event, history_of
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import errors_of, links_of, post, sign_in_as, values_of
from tests.factories.accounts import an_account, joao

PHONES = "/account/profile"
LANGUAGE = "/account/profile/language"
NUMBERS = {"mobile": "(11) 98765-0001", "landline": "+55 11 3210-9876"}


@pytest.mark.parametrize("path", [PHONES, LANGUAGE])
def test_a_stranger_signs_in_first(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (302, f"/login?next={path}")


@pytest.mark.parametrize("language", i18n.NAMES)
@pytest.mark.parametrize("path", [PHONES, LANGUAGE])
def test_every_page_shows_in_every_language(client: FlaskClient, path: str, language: str) -> None:
    sign_in_as(client, an_account())
    page = client.get(f"{path}?lang={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_the_account_page_leads_to_both(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    links = links_of(client.get("/account"))
    assert {PHONES, LANGUAGE, "/account/email", "/account/terms", "/account/data/export"} <= {
        *links
    }


def test_numbers_are_changed_told_masked_and_leave_no_number_in_the_trail(
    client: FlaskClient,
) -> None:
    maria = an_account(landline="+551132109876")
    sign_in_as(client, maria)
    answer = post(client, PHONES, NUMBERS)
    assert (answer.status_code, answer.location) == (303, "/account")
    page = client.get("/account").text
    assert "phone numbers are changed" in page
    assert "(11)\N{NO-BREAK SPACE}98765-0001" in page
    assert values_of(client.get(PHONES))["landline"].split() == ["+55", "11", "3210-9876"]
    assert (maria.mobile, maria.landline) == ("11987650001", "+551132109876")
    event = history_of("account", maria.public_id)[0]
    assert (event.event, event.data) == (Event.PROFILE_CHANGED.value, {"fields": ["mobile"]})
    mail = db.session.scalars(select(Mail)).one()
    assert mail.recipient_address == "maria@example.com"
    rendered = render(mail)
    for text in (rendered.text, rendered.html, str(mail.context)):
        assert "•••• 01" in text
        assert "98765" not in text.replace("-", "")
    assert "Landline" not in rendered.text


def test_nothing_changed_is_nothing_told(client: FlaskClient) -> None:
    maria = an_account(mobile="11987650001")
    sign_in_as(client, maria)
    post(client, PHONES, {"mobile": "11 98765 0001", "landline": ""})
    assert db.session.scalars(select(Mail)).all() == []
    assert history_of("account", maria.public_id) == []


def test_a_number_can_be_taken_off_the_record(client: FlaskClient) -> None:
    maria = an_account(mobile="11987650001")
    sign_in_as(client, maria)
    post(client, PHONES, {"mobile": " ", "landline": ""})
    assert maria.mobile == ""
    assert "Mobile number: None" in render(db.session.scalars(select(Mail)).one()).text


@pytest.mark.parametrize("wrong", ["123", "call me", "1" * 40, "\u0661" * 10, "+", "<b>11</b>"])
def test_a_wrong_number_is_refused_beside_the_field_and_stays(
    client: FlaskClient, wrong: str
) -> None:
    maria = an_account(mobile="11987650001")
    sign_in_as(client, maria)
    answer = post(client, PHONES, {"mobile": wrong, "landline": "1132109876"})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["mobile"]
    assert values_of(answer)["mobile"] == wrong
    assert (maria.mobile, maria.landline) == ("11987650001", "")


def test_phones_ask_for_a_recent_sign_in(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria, authenticated_at=clock.now() - timedelta(hours=1))
    assert client.get(PHONES).location == f"/account/confirm?next={PHONES}"
    answer = post(client, PHONES, NUMBERS, form_path="/account/confirm")
    assert answer.location == f"/account/confirm?next={PHONES}"
    assert maria.mobile == ""


@pytest.mark.parametrize("path", [PHONES, LANGUAGE])
def test_another_site_changes_nothing(client: FlaskClient, path: str) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    assert client.post(path, data={**NUMBERS, "locale": "es"}).status_code == 400
    assert client.get(path, query_string={**NUMBERS, "locale": "es"}).status_code == 200
    assert (maria.mobile, maria.locale) == ("", "en")


def test_one_person_changes_nothing_of_another(client: FlaskClient) -> None:
    theirs = joao()
    sign_in_as(client, an_account())
    post(client, PHONES, {**NUMBERS, "account": theirs.public_id, "name": "x", "tax_id": "y"})
    assert (theirs.mobile, theirs.name) == ("", "João Souza")


def test_mails_and_pages_speak_the_language_that_was_chosen(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    answer = post(client, LANGUAGE, {"locale": "pt-BR"}, follow_redirects=True)
    assert maria.locale == "pt-BR"
    assert 'lang="pt-BR"' in answer.text
    assert 'lang="pt-BR"' in client.get("/account").text
    assert history_of("account", maria.public_id)[0].data == {"fields": ["locale"]}


@pytest.mark.parametrize("wrong", ["", "xx", "pt_BR", "../en", "de"])
def test_only_languages_of_the_deployment_can_be_chosen(client: FlaskClient, wrong: str) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    answer = post(client, LANGUAGE, {"locale": wrong})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["locale"]
    assert maria.locale == "en"


def test_the_same_language_is_no_news(app: Flask) -> None:
    maria = an_account()
    assert not profile.change_language(maria, "en")
    assert profile.change_language(maria, "lt")


@pytest.mark.parametrize(("number", "shown"), [("", ""), ("11987650001", "•••• 01")])
def test_a_masked_number_keeps_two_digits(number: str, shown: str) -> None:
    assert profile.masked(number) == shown


def test_the_legal_name_is_not_a_field(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert {each for each in values_of(client.get(PHONES))} == {"mobile", "landline"}


def test_an_account_of_a_language_that_is_no_longer_offered_can_be_shown(
    client: FlaskClient,
) -> None:
    maria: Account = an_account(locale="xx")
    sign_in_as(client, maria)
    assert client.get("/account").status_code == 200
    assert client.get(LANGUAGE).status_code == 200
