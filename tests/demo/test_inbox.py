"""The inbox's pages, and that there are none outside the demo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from demo import web
from demo.smtp import Deliver
from tests.conftest import SETTINGS
from tests.demo.test_mails import ISSUER, a_message


@pytest.fixture
def mail(tmp_path: Path) -> Deliver:
    return Deliver(tmp_path / "mail")


@pytest.fixture
def inbox(mail: Deliver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    values = {**SETTINGS, "issuer": ISSUER, "demo_mailbox": str(tmp_path / "mail")}
    values["database_url"] = "postgresql://nobody@localhost:1/none"  # the inbox needs none
    settings = Settings(**values)  # type: ignore[arg-type]
    monkeypatch.setattr(Settings, "from_environment", lambda _environ: settings)
    app = web.create_app()
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    yield client
    app.extensions["oauth_caches"].stop()


def test_an_empty_inbox_says_how_to_begin(inbox: FlaskClient) -> None:
    page = inbox.get("/demo/inbox")
    assert page.status_code == 200
    assert "No mail was sent yet" in page.text


def test_a_mail_can_be_opened_and_its_link_followed(inbox: FlaskClient, mail: Deliver) -> None:
    mail.deliver(a_message("<a@x>", text=f"Abra {ISSUER}/invitations/abc"))
    listing = inbox.get("/demo/inbox").text
    assert "Convite de Maria" in listing
    address = listing.split('href="/demo/inbox/')[1].split('"')[0]
    assert f'href="{ISSUER}/invitations/abc"' in inbox.get(f"/demo/inbox/{address}").text


def test_a_search_without_result_offers_the_way_back(inbox: FlaskClient, mail: Deliver) -> None:
    mail.deliver(a_message("<a@x>"))
    page = inbox.get("/demo/inbox?to=%3Cscript%3E")
    assert "No mail to" in page.text
    assert "<script>" not in page.text


def test_markup_in_a_mail_is_shown_as_text(inbox: FlaskClient, mail: Deliver) -> None:
    message = a_message("<a@x>", text="<script>alert(1)</script>")
    message.replace_header("Subject", "<img src=x>")
    mail.deliver(message)
    listing = inbox.get("/demo/inbox").text
    assert "<img" not in listing
    address = listing.split('href="/demo/inbox/')[1].split('"')[0]
    assert "<script>alert" not in inbox.get(f"/demo/inbox/{address}").text


@pytest.mark.parametrize("name", ["x", "..%2f..%2fetc%2fpasswd", "%00", "a" * 5000])
def test_an_unknown_mail_is_not_found(inbox: FlaskClient, name: str) -> None:
    assert inbox.get(f"/demo/inbox/{name}").status_code == 404


def test_there_is_no_inbox_outside_the_demo(app: Flask, client: FlaskClient) -> None:
    assert client.get("/demo/inbox").status_code == 404
    assert not any("demo" in rule.rule for rule in app.url_map.iter_rules())
