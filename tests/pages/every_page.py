"""Every page of the service as Chromium shows it: the routing is walked, so that a page added
tomorrow is looked at too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from playwright.sync_api import Page
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.world import Visitor, World

STYLE_SHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)">')
SCRIPT = re.compile(r"<script[^>]*></script>")
SHOWN = (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True)
class Shown:
    """One page in one state."""

    visitor: Visitor
    method: str  # POST: what an empty form is answered
    address: str


def pages_of(world: World, rules: Iterator[Rule]) -> Iterator[Shown]:
    """Each page, as the first visitor who gets to see it; forms that were sent empty too."""
    for rule in rules:
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            for address in world.addresses(rule):
                seen = (Shown(visitor, method, address) for visitor in Visitor)
                found = next((each for each in seen if is_page(answer_to(world, each))), None)
                if found is not None:
                    yield found


def answer_to(world: World, shown: Shown, language: str = "en") -> TestResponse:
    """What the visitor gets."""
    headers = {"Accept-Language": language}
    return world.send(shown.visitor, shown.method, shown.address, headers=headers)


def is_page(response: TestResponse) -> bool:
    """HTML for people, and none that says that there is nothing."""
    return response.status_code in SHOWN and response.mimetype == "text/html"


class Window:
    """A browser in which one page after the other is written, with its style sheets: opening each
    anew would take several times as long. Scripts are left out; every page works without."""

    def __init__(self, page: Page, world: World) -> None:
        self.page, self.world = page, world
        self.sheets: dict[str, str] = {}
        page.set_content("<!doctype html>")

    def show(self, shown: Shown, language: str) -> None:
        """Write the page."""
        text = answer_to(self.world, shown, language).text
        text = STYLE_SHEET.sub(lambda link: f"<style>{self.sheet(link[1])}</style>", text)
        self.page.set_content(SCRIPT.sub("", text))

    def sheet(self, address: str) -> str:
        """The style sheet at this address, asked for once."""
        if address not in self.sheets:
            with answer_to(self.world, Shown(Visitor.STRANGER, "GET", address)) as response:
                self.sheets[address] = response.text
        return self.sheets[address]
