"""A person in front of a browser: goes, fills in, presses; every page met is looked at closely."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import ClassVar

from playwright.sync_api import ConsoleMessage, Locator, Page

from demo.settings import Ports
from tests.axe import violations

HEIGHT = 800
# Part of an address that names one thing of many.
NAME = re.compile(r"(?<=/)[^/?]*\d[^/?]*|(?<=/)[^/?]{20,}|\?.*")
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Person:
    """One browser profile. `complaints` gathers console errors and violated policies.

    With `widths` (in CSS pixels) every page is looked at in each of them; without `judges` none is,
    as where no script runs: the judge is one. A page that was judged, in the same state, needn't be
    again.
    """

    judged: ClassVar[set[tuple[object, ...]]] = set()

    def __init__(
        self,
        name: str,
        page: Page,
        ports: Ports,
        widths: Sequence[int] = (),
        *,
        judges: bool = True,
    ) -> None:
        self.name = name
        self.page = page
        self.ports = ports
        self.widths = widths
        self.judges = judges
        self.complaints: list[str] = []
        self._expected: HTTPStatus = HTTPStatus.OK
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def go(self, address: str, expecting: HTTPStatus = HTTPStatus.OK) -> None:
        """Open `address`, which must answer with this status, and look at the page."""
        self._expected = expecting
        response = self.page.goto(address)
        assert response is not None
        assert response.status == expecting, f"{address}: {response.status}"
        self.look()
        self._expected = HTTPStatus.OK

    def fill(self, **fields: str) -> None:
        """Type into the fields of these names."""
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)

    def tick(self, *names: str) -> None:
        """Tick the boxes of these names."""
        for name in names:
            self.page.check(f"[name={name}]")

    def press(self, button: str, expecting: HTTPStatus = HTTPStatus.OK) -> None:
        """Press a button, by `#id` or by its words; wait for the next page and look at it."""
        with self.arriving(expecting):
            self._find_button(button).click()

    def follow(self, words: str) -> None:
        """Follow the first link with these words."""
        with self.arriving():
            self.page.get_by_role("link", name=words).first.click()

    @contextmanager
    def arriving(self, expecting: HTTPStatus = HTTPStatus.OK) -> Iterator[None]:
        """What is done inside leads to a page with this status, which is looked at."""
        self._expected = expecting
        with self.page.expect_navigation() as navigation:
            yield
        response = navigation.value
        assert response.status == expecting, f"{self.page.url}: {response.status}\n{self.text}"
        self.look()
        self._expected = HTTPStatus.OK

    def look(self) -> None:
        """Judge the page by WCAG 2.2 AA; the page's own policy stays in force."""
        for width in self.widths:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self._check()
        if not self.widths:
            self._check()

    def sees(self, words: str) -> bool:
        """Whether these words can be read on the page."""
        return words in self.text

    @property
    def text(self) -> str:
        """All that can be read on the page."""
        return self.page.inner_text("body")

    def asks(self, name: str) -> bool:
        """Whether the page has a field of this name."""
        return bool(self.find(f"[name={name}]").count())

    def find(self, selector: str) -> Locator:
        """What `selector` names on the page."""
        return self.page.locator(selector)

    def _check(self) -> None:
        if self.judges and self._is_new():
            self.complaints += violations(self.page)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.complaints.append(f"{self.page.url}: wider than the window")

    def _is_new(self) -> bool:
        """Whether nobody has seen this page yet, in this language, width and state."""
        heading = self.find("h1").first.inner_text() if self.find("h1").count() else ""
        state = (NAME.sub("*", self.page.url), self._expected, self.page.title(), heading)
        seen = (*state, self.page.get_attribute("html", "lang"), str(self.page.viewport_size))
        is_new = seen not in self.judged
        self.judged.add(seen)
        return is_new

    def _find_button(self, button: str) -> Locator:
        if button.startswith("#"):
            return self.page.locator(button)
        return self.page.get_by_role("button", name=button, exact=True)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = REFUSED.match(message.text)
        if status and int(status[1]) == self._expected:
            return
        self.complaints.append(f"{self.page.url}: {message.text}")
