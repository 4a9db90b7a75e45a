"""A person without a mouse: Tab, Shift-Tab, Enter, Space, the arrows, and nothing else."""

import time
from dataclasses import dataclass
from http import HTTPStatus

from demo.people import Customer
from tests.journeys.person import Person
from tests.journeys.steps import MAIL_SECONDS

FARTHEST = 90  # stops on any page
LINE = 48  # CSS pixels by which things side by side may differ in height
STOP = """() => {
    const here = document.activeElement, style = getComputedStyle(here);
    const box = here.getBoundingClientRect();
    return {
        name: here.outerHTML.slice(0, 120),
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        shown: box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth,
        inside: here.closest("main") !== null,
        top: box.top + scrollY,
    };
}"""


@dataclass(frozen=True, slots=True)
class Stop:
    """What has the focus, as somebody sees it."""

    name: str
    outlined: bool
    shown: bool
    inside: bool  # the main part of the page, whose order is from top to bottom
    top: float  # CSS pixels from the top of the page


class Keyboard:
    """The keyboard of `person`; each stop on the way has to be seen, in an order that makes sense.

    What a selector stands for is never touched but by its focus.
    """

    def __init__(self, person: Person) -> None:
        self.person = person
        self.keys = person.page.keyboard

    def reach(self, selector: str, *, backwards: bool = False) -> None:
        """Tab on (or back) until this has the focus."""
        before: Stop | None = None
        for _ in range(FARTHEST):
            if self.is_at(selector):
                return
            self.keys.press("Shift+Tab" if backwards else "Tab")
            before = self._check(before, backwards=backwards)
        raise AssertionError(f"{self.person.page.url}: no way to {selector}")

    def type(self, **fields: str) -> None:
        """Go from field to field and type."""
        for name, value in fields.items():
            self.reach(f"[name={name}]")
            self.keys.press("Control+A")
            self.keys.type(value)

    def tick(self, *names: str) -> None:
        """Go to these boxes and tick them."""
        for name in names:
            self.reach(f"[name={name}]")
            self.keys.press("Space")
            assert self.person.find(f"[name={name}]:focus").is_checked()

    def choose(self, name: str, value: str) -> None:
        """Go to a group of options and walk through it by the arrows."""
        self.reach(f"[name={name}]")
        self.keys.press("Space")
        while not self.is_at(f"[name={name}][value={value}]"):
            self.keys.press("ArrowDown")
        assert self.person.find(f"[name={name}]:focus").is_checked()

    def enter(
        self, selector: str, expecting: HTTPStatus = HTTPStatus.OK, key: str = "Enter"
    ) -> None:
        """Go to a link or button, press it, and look at the page that follows."""
        self.reach(selector)
        self.send(expecting, key)

    def send(self, expecting: HTTPStatus = HTTPStatus.OK, key: str = "Enter") -> None:
        """Press a key that leads on to another page."""
        with self.person.arriving(expecting):
            self.keys.press(key)

    def open_mail(self, recipient: Customer, link: str) -> None:
        """Open the newest mail to `recipient` and follow its link with this path."""
        deadline = time.monotonic() + MAIL_SECONDS
        found = f"main a[href*='{link}']"
        while not self.person.find(found).count():
            assert time.monotonic() < deadline, f"no mail to {recipient.email} with {link}"
            self.person.go(f"{self.person.ports.inbox}?to={recipient.email}")
            if self.person.find("td a").count():
                self.enter("td a")
        self.enter(found)

    def is_at(self, selector: str) -> bool:
        """Whether this has the focus."""
        return bool(self.person.page.evaluate("s => document.activeElement.matches(s)", selector))

    def _check(self, before: Stop | None, *, backwards: bool) -> Stop | None:
        """Judge where Tab led; None where it left the page and begins again."""
        if self.is_at("body"):
            return None
        stop = Stop(**self.person.page.evaluate(STOP))
        where = f"{self.person.page.url}: {stop.name}"
        assert stop.outlined, f"{where}: the focus is not seen"
        assert stop.shown, f"{where}: has the focus out of sight"
        if before and before.inside and stop.inside:
            down = before.top - stop.top if backwards else stop.top - before.top
            assert down > -LINE, f"{where}: comes after {before.name}, and stands above it"
        return stop
