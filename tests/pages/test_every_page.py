"""Every page in every language on a small phone, as it is and after an empty form: nothing for axe
to find, nothing wider than the window, no word left in English."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from config import Settings
from tests import messages
from tests.admin.test_accessibility import a_page
from tests.axe import violations
from tests.pages.every_page import Shown, Window, pages_of
from tests.world import Visitor, a_world

# Against a test that hangs; long, for a machine that runs other tests too.
pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

COLOURS_IN = "en"  # they are the same in every language
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10
PHONE = {"width": 360, "height": 800}
ROWS = """() => new Set(
    [...document.querySelectorAll("header nav li:not(.last)")].map(each => each.offsetTop)
).size"""
OVERLAP = """() => {
    const out = document.querySelector("header nav .last").getBoundingClientRect();
    const main = document.querySelector("main").getBoundingClientRect();
    return out.bottom > main.top || out.right > innerWidth;
}"""
TEXTS = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!parent.closest("script, style, .languages, [lang]:not(html)"))
            found.add(walker.currentNode.textContent.trim().replace(/\\s+/g, " "));
    }
    return [...found, document.title.split(" · ")[0]];
}"""


def test_every_page_can_be_used_on_a_small_phone_in_every_language(
    app: Flask, chromium: Browser
) -> None:
    world = a_world(app)
    pages = list(pages_of(world, app.url_map.iter_rules()))
    assert len(pages) > len(Visitor)
    faults: list[str] = []
    with a_page(chromium, viewport=NARROW) as page:
        window = Window(page, world)
        for language in Settings().locales:
            english = english_of(language)
            for shown in pages:
                window.show(shown, language)
                found = list(faults_of(page, language, english))
                faults += [f"{language} {shown.method} {shown.address}: {each}" for each in found]
    assert faults == []


def test_the_menu_on_a_phone_is_one_row_in_every_language(app: Flask, chromium: Browser) -> None:
    world = a_world(app)
    with a_page(chromium, viewport=PHONE) as page:
        window = Window(page, world)
        for language in Settings().locales:
            window.show(Shown(Visitor.HOLDER, "GET", "/account"), language)
            assert page.evaluate(ROWS) == 1, language
            assert not page.evaluate(OVERLAP), language


def faults_of(page: Page, language: str, english: set[str]) -> Iterator[str]:
    """What is wrong with the page that is shown; `english` is what should be said otherwise."""
    if page.get_attribute("html", "lang") != language:
        yield "in another language"
    yield from violations(page, colours=language == COLOURS_IN)
    yield from (f"in English: {text}" for text in page.evaluate(TEXTS) if text in english)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        yield "wider than the window"


def english_of(language: str) -> set[str]:
    """The sentences that are others in this language."""
    return {
        msgid for msgid, string in translations_of(language.replace("-", "_")) if msgid != string
    }


def translations_of(locale: str) -> Iterator[tuple[str, str]]:
    if locale not in messages.LOCALES:
        return
    for feature in (*messages.FEATURES, messages.SHARED):
        for message in messages.messages(messages.read(feature, locale)):
            if isinstance(message.id, str) and isinstance(message.string, str):
                yield message.id, message.string
