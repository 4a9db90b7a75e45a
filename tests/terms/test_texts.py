import hashlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Settings
from idp import clock, terms
from idp.extensions import db
from idp.terms import texts
from idp.terms.models import TermsAcceptance
from idp.terms.texts import DIRECTORY, Terms

pytestmark = pytest.mark.usefixtures("app")  # the market says where texts lie

LANGUAGES = Settings().locales


class Balanced(HTMLParser):
    """Fails on an element that is never closed, and on anything but plain prose."""

    ALLOWED = frozenset({"p", "h2", "h3", "strong", "em", "ul", "ol", "li", "a"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED
        self.headings += tag == "h2"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", list(Terms))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_exists_in_every_language_as_plain_prose(name: Terms, language: str) -> None:
    text = terms.current_text(name, language)
    assert text.locale == language
    page = Balanced()
    page.feed(str(text.html))
    assert page.open == []
    assert page.headings >= 4


@pytest.mark.parametrize("name", list(Terms))
def test_the_languages_of_a_text_say_the_same_number_of_things(name: Terms) -> None:
    shapes = set()
    for language in LANGUAGES:
        page = Balanced()
        page.feed(str(terms.current_text(name, language).html))
        shapes.add(page.headings)
    assert len(shapes) == 1


def test_an_unknown_language_reads_the_english_text() -> None:
    assert terms.current_text(Terms.PERMISSION, "de").locale == "en"


def test_a_market_may_have_texts_of_its_own(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "platform-businesses" / "2026-11"
    folder.mkdir(parents=True)
    (folder / "en.html").write_text("Ours", encoding="utf-8")
    monkeypatch.setattr(texts, "DIRECTORY", tmp_path)
    own = replace(app.config["PROFILE"], terms={"platform": "platform-businesses"})
    monkeypatch.setitem(app.config, "PROFILE", own)
    assert str(terms.current_text(Terms.PLATFORM, "en").html) == "Ours"


def test_the_tenth_version_comes_after_the_ninth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("2026-9", "2026-11", "2025-12"):
        folder = tmp_path / "permission" / version
        folder.mkdir(parents=True)
        (folder / "en.html").write_text(version, encoding="utf-8")
    monkeypatch.setattr(texts, "DIRECTORY", tmp_path)
    texts._read.cache_clear()
    try:
        assert terms.current_text(Terms.PERMISSION, "en").version == "2026-11"
    finally:
        texts._read.cache_clear()


@pytest.mark.parametrize("name", list(Terms))
@pytest.mark.parametrize("language", LANGUAGES)
def test_anybody_can_read_the_texts_at_their_own_address(
    client: FlaskClient, name: Terms, language: str
) -> None:
    page = client.get(f"/terms/{name.value}?lang={language}")
    assert page.status_code == 200
    assert str(terms.current_text(name, language).html) in page.text


@pytest.mark.parametrize("name", ["unknown", "%00", "..%2f..", "PERMISSION", "x" * 2000])
def test_other_names_are_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/terms/{name}").status_code == 404


def test_acceptance_keeps_the_exact_text(app: Flask) -> None:
    at = clock.now()
    terms.accept(Terms.PERMISSION, account="a_1", locale="es", at=at, invitation="v_1")
    db.session.commit()
    kept = db.session.scalars(select(TermsAcceptance)).one()
    source = (DIRECTORY / kept.terms / kept.version / f"{kept.locale}.html").read_bytes()
    assert kept.sha256 == hashlib.sha256(source).hexdigest()
    assert (kept.account, kept.invitation, kept.locale, kept.accepted_at) == (
        "a_1",
        "v_1",
        "es",
        at,
    )
