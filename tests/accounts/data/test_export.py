"""What a person takes along: all of theirs, nothing of others, and only by themselves."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

import idp
from idp import clock, i18n
from idp.accounts.data import exporting
from idp.accounts.data.exporting import Format
from idp.accounts.models import Account
from idp.audit import Event, history_of
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render, speaking
from tests.accounts.data import scene
from tests.accounts.data.scene import Scene, a_full_life
from tests.browsing import csrf_token, errors_of, links_of, post, sign_in_as
from tests.factories.accounts import an_account, joao

EXPORT = "/account/data/export"
NAME = re.compile(r'attachment; filename="my-data-\d{4}-\d{2}-\d{2}\.(json|html)"')


def download(client: FlaskClient, kind: str = "json") -> TestResponse:
    answer = post(client, EXPORT, {"format": kind}, form_path=EXPORT, buffered=True)
    assert answer.status_code == 200
    return answer


def exported(account: Account) -> dict[str, Any]:
    blocks = exporting.written(account, Format.JSON, at=clock.now())
    content: dict[str, Any] = json.loads(b"".join(blocks))
    return content


@pytest.fixture
def life(app: Flask) -> Scene:
    return a_full_life(app)


def test_a_stranger_signs_in_first(client: FlaskClient) -> None:
    assert client.get(EXPORT).location == f"/login?next={EXPORT}"
    token = csrf_token(client, "/login")
    answer = client.post(EXPORT, data={"format": "json", "csrf_token": token})
    assert answer.location == f"/login?next={EXPORT}"


@pytest.mark.parametrize("language", i18n.NAMES)
def test_the_page_shows_in_every_language(client: FlaskClient, language: str) -> None:
    sign_in_as(client, an_account())
    page = client.get(f"{EXPORT}?lang={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_the_way_there_begins_at_the_account(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for path in ("/account", "/account/data", "/account/data/closing"):
        assert EXPORT in links_of(client.get(path))


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("json", "application/json"), ("html", "text/html; charset=utf-8")],
)
def test_the_file_is_for_the_person_alone(
    client: FlaskClient, kind: str, content_type: str
) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    answer = download(client, kind)
    assert answer.content_type == content_type
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert NAME.fullmatch(answer.headers["Content-Disposition"])


def test_a_trace_is_left_and_the_person_told(client: FlaskClient) -> None:
    maria = an_account()
    sign_in_as(client, maria)
    download(client)
    event = history_of("account", maria.public_id)[0]
    assert (event.event, event.actor) == (Event.DATA_EXPORTED.value, str(maria.actor))
    assert event.data == {"format": "json"}
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.recipient_address) == ("data_exported", "maria@example.com")


@pytest.mark.parametrize("locale", i18n.NAMES)
def test_the_mail_can_be_read_in_every_language(app: Flask, locale: str) -> None:
    maria = an_account(locale=locale, name="Maria & Ana")
    exporting.begin(maria, Format.HTML, at=clock.now())
    rendered = render(db.session.scalars(select(Mail)).one())
    assert "Maria & Ana" in rendered.text
    assert "Maria &amp; Ana" in rendered.html
    assert "/recover" in rendered.text


def test_it_takes_a_recent_sign_in(client: FlaskClient) -> None:
    sign_in_as(client, an_account(), authenticated_at=clock.now() - timedelta(hours=1))
    assert client.get(EXPORT).location == f"/account/confirm?next={EXPORT}"
    answer = post(client, EXPORT, {"format": "json"}, form_path="/account/confirm")
    assert answer.location == f"/account/confirm?next={EXPORT}"
    assert db.session.scalars(select(Mail)).all() == []


def test_another_site_downloads_nothing(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    assert client.post(EXPORT, data={"format": "json"}).status_code == 400
    page = client.get(f"{EXPORT}?format=json")
    assert "Content-Disposition" not in page.headers
    assert db.session.scalars(select(Mail)).all() == []


@pytest.mark.parametrize("wrong", ["", " ", "pdf", "JSON", "../json", "x" * 5000])
def test_without_a_known_file_nothing_is_downloaded(client: FlaskClient, wrong: str) -> None:
    sign_in_as(client, an_account())
    answer = post(client, EXPORT, {"format": wrong})
    assert answer.status_code == 422
    assert list(errors_of(answer)) == ["format"]
    assert db.session.scalars(select(Mail)).all() == []


def test_it_cannot_be_downloaded_at_will(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    for _each in range(5):
        download(client)
    answer = post(client, EXPORT, {"format": "json"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert len(db.session.scalars(select(Mail)).all()) == 5


def test_everything_is_in_the_file(life: Scene) -> None:
    data = exported(life.maria)
    assert data["schema_version"] == 1
    assert list(data)[3:] == list(exporting.sections)
    empty = [name for name, found in data.items() if not found]
    assert empty == []
    account = data["account"]
    assert (account["tax_id"], account["email"]) == ("br:cpf:52998224725", scene.EMAIL)
    assert (account["mobile"], account["landline"]) == (scene.MOBILE, scene.LANDLINE)
    assert [each["old_email"] for each in data["email_changes"]] == [scene.OLD_EMAIL, scene.EMAIL]
    assert {each["kind"] for each in data["factors"]} == {"app", "passkey", "code"}
    assert data["sessions"][0]["address"] == scene.NETWORK
    assert data["agency"]["creci"] == "12345-J"
    assert len(data["installations"]) == data["holder"]["installation_count"]
    assert data["requests"][0]["documents"] == [scene.DOCUMENT]
    assert data["terms"][0]["version"]


def test_what_was_allowed_and_taken_back_again_is_in_the_file(life: Scene) -> None:
    before, now = exported(life.maria)["consents"]
    assert {before["application"], now["application"]} == {"Segunda via"}
    assert (before["scopes"], now["scopes"]) == (["phone"], ["email"])
    assert before["given_at"] < before["withdrawn_at"] < now["given_at"]
    assert now["withdrawn_at"] is None


def test_every_section_names_its_fields(app: Flask) -> None:
    names = [section.name for section in exporting.sections.values()]
    assert names == list(exporting.sections)
    for section in exporting.sections.values():
        fields = [each.name for each in section.fields]
        assert len(fields) == len(set(fields))


def test_other_people_are_named_and_no_more(life: Scene) -> None:
    text = json.dumps(exported(life.maria), ensure_ascii=False)
    assert "João Souza" in text
    for private in ("39053344705", "390.533.447-05", "joao@example.com", "11222333000181"):
        assert private not in text
    assert "***.533.447-**" in text
    assert "j***@example.com" in text


def test_links_below_what_was_given_are_the_guests_own(life: Scene) -> None:
    given = exported(life.maria)["grants_given"]
    assert [each["person"] for each in given] == ["João Souza"]
    of_guest = exported(life.guest)
    assert [each["person"] for each in of_guest["grants_given"]] == ["Rita Alves", scene.NAME]
    assert of_guest["grants_given"][0]["through"] == ["João Souza"]


def test_what_was_done_is_told_to_both_sides(life: Scene) -> None:
    data = exported(life.maria)
    assert [each["description"] for each in data["uses_of_your_installations"]] == [
        "Olhou a fatura"
    ]
    assert [each["description"] for each in data["uses_by_you"]] == ["Pagou a conta"]
    of_guest = exported(life.guest)
    assert [each["description"] for each in of_guest["uses_by_you"]] == ["Olhou a fatura"]


def test_no_secret_leaves(life: Scene) -> None:
    text = json.dumps(exported(life.maria), ensure_ascii=False)
    assert life.maria.password_hash not in text
    for secret in ("argon2", "sealed", "token", "public_key", "credential", "t_reviewer", "t_1"):
        assert secret not in text


def test_one_person_gets_nothing_of_another(client: FlaskClient, life: Scene) -> None:
    stranger = an_account("br:cpf:11144477816", "Ana Lima", "ana@example.com")
    sign_in_as(client, stranger)
    text = download(client, "json").text
    asked = {"format": "json", "account": life.maria.public_id, "tax_id": "52998224725"}
    text += post(client, f"{EXPORT}?account={life.maria.public_id}", asked, form_path=EXPORT).text
    assert "Quaresma" not in text
    assert "João" not in text


def test_mails_to_another_person_at_the_same_address_are_not_theirs(app: Flask) -> None:
    maria, guest = an_account(), joao(email="maria@example.com")
    exporting.begin(guest, Format.JSON, at=clock.now())
    assert exported(maria)["mails"] == []
    (mail,) = exported(guest)["mails"]
    assert "downloaded" in mail["subject"]


def test_a_mail_whose_words_are_gone_does_not_break_the_file(app: Flask) -> None:
    maria = an_account()
    exporting.begin(maria, Format.JSON, at=clock.now())
    db.session.scalars(select(Mail)).one().template = "no_longer_there"
    db.session.commit()
    assert exported(maria)["mails"][0]["subject"] == ""


def test_names_cannot_break_out_of_either_file(app: Flask) -> None:
    maria = an_account(name='</td><script>alert(1)</script>"')
    assert exported(maria)["account"]["name"] == maria.name
    page = b"".join(exporting.written(maria, Format.HTML, at=clock.now())).decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("language", i18n.NAMES)
def test_the_page_is_readable_and_needs_nothing_else(life: Scene, language: str) -> None:
    with speaking(language):
        blocks = exporting.written(life.maria, Format.HTML, at=clock.now())
        page = b"".join(blocks).decode()
        titles = [str(section.title) for section in exporting.sections.values()]
    assert f'<html lang="{language}">' in page
    assert page.rstrip().endswith("</html>")
    for title in titles:
        assert f"<h2>{title}</h2>" in page
    assert "529.982.247-25" in page
    for outside in ("http://", "https://", "<script", "<link", "src=", "href=", "@import"):
        assert outside not in page
    assert "read_only" not in page and "in_force" not in page


def test_an_empty_life_gives_a_whole_file(app: Flask) -> None:
    ana = an_account("br:cpf:11144477816", "Ana Lima", "ana@example.com")
    data = exported(ana)
    assert data["agency"] is None and data["holder"] is None
    assert data["installations"] == []
    with speaking("en"):
        page = b"".join(exporting.written(ana, Format.HTML, at=clock.now())).decode()
    assert page.count("Nothing.") == len(exporting.sections) - 1


def test_the_documentation_names_every_member(app: Flask) -> None:
    documented = (Path(idp.__file__).parent.parent / "docs" / "export.md").read_text()
    schema = documented.partition("## JSON")[2].partition("## What an erasure leaves")[0]
    named = set(re.findall(r"`([a-z0-9_]+)`", schema))
    for section in exporting.sections.values():
        assert section.name in named
        assert {each.name for each in section.fields} <= named, section.name
