"""No page speaks two languages."""

from functools import lru_cache
from html.parser import HTMLParser

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests import messages
from tests.factories.oauth import a_client
from tests.oauth import flow
from tests.world import Visitor, World, a_world

LOCALES = {"pt-BR": "pt_BR", "es": "es"}


class Texts(HTMLParser):
    """Every text of a page, without its scripts, and what is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_data(self, data: str) -> None:
        """White space is evened out."""
        self.found.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read aloud."""
        self.found |= {value or "" for name, value in attrs if name in ("aria-label", "alt")}


@lru_cache
def english(locale: str) -> frozenset[str]:
    """Every English message that reads otherwise in this language."""
    catalogues = [messages.read(name, locale) for name in (*messages.FEATURES, messages.SHARED)]
    known = {each.id: each.string for one in catalogues for each in messages.messages(one)}
    other = {msgid for msgid, text in known.items() if isinstance(msgid, str) and text != msgid}
    return frozenset(other - {text for text in known.values() if isinstance(text, str)})


def answers_of(world: World, visitor: Visitor, language: str) -> dict[str, TestResponse]:
    """Every page there is, and what every form says when nothing is filled in."""
    headers = {"Accept-Language": language}
    client = a_client(scope="openid profile email phone tax_id assurance grants offline_access")
    scope = client.metadata.scope
    found = {
        "consent": world.send(
            visitor, "GET", flow.address_for(client, scope=scope), headers=headers
        ),
        "unknown": world.send(visitor, "GET", "/nothing/here", headers=headers),
    }
    for rule in world.app.url_map.iter_rules():
        for method in {"GET", "POST"} & (rule.methods or set()):
            for address in world.addresses(rule):
                answer = world.send(visitor, method, address, headers=headers)
                found[f"{method} {address}"] = answer
    return {name: each for name, each in found.items() if each.mimetype == "text/html"}


def leftovers(page: TestResponse, language: str) -> set[str]:
    """English sentences on a page in this language."""
    texts = Texts()
    texts.feed(page.text)
    return texts.found & english(LOCALES[language])


@pytest.mark.parametrize("visitor", Visitor)
@pytest.mark.parametrize("language", LOCALES)
def test_everybody_reads_one_language(app: Flask, visitor: Visitor, language: str) -> None:
    pages = answers_of(a_world(app), visitor, language)
    assert len(pages) > 60
    found = {name: leftovers(page, language) for name, page in pages.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}
    written = [page for page in pages.values() if not page.location]
    assert all(f'<html lang="{language}"' in page.text for page in written)
