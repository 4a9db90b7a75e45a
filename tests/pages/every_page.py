"""Every page of the service as Chromium shows it: the routing is walked, so that a page added
tomorrow is looked at too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus

from playwright.sync_api import Page, Route
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.world import Visitor, World

ORIGIN = "http://localhost:8000"
ASSETS = re.compile(r'(?:href|src)="(/(?:static/|brand\.)[^"]+)"')
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
    """A browser whose requests are answered with what was asked of the application before."""

    def __init__(self, page: Page, world: World) -> None:
        self.page, self.world = page, world
        self.answers: dict[str, tuple[bytes, str]] = {}  # content and its type, by address
        page.route("**/*", self.answer)

    def show(self, shown: Shown, language: str) -> None:
        """Open the page, with its style sheets and scripts."""
        content = self.ask(shown, language)
        for address in ASSETS.findall(content.decode()):
            if address not in self.answers:
                self.ask(Shown(Visitor.STRANGER, "GET", address), language)
        self.page.goto(f"{ORIGIN}{shown.address}")

    def ask(self, shown: Shown, language: str) -> bytes:
        """The application's answer, kept for the browser."""
        with answer_to(self.world, shown, language) as response:
            self.answers[shown.address] = response.data, response.headers["Content-Type"]
            return response.data

    def answer(self, route: Route) -> None:
        """A form that was sent empty is shown as if it had been asked for; what scripts ask for
        besides is not there."""
        address = route.request.url.removeprefix(ORIGIN)
        if address not in self.answers:
            route.abort()
            return
        content, kind = self.answers[address]
        route.fulfill(status=HTTPStatus.OK, body=content, headers={"Content-Type": kind})
