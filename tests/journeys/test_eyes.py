"""Large text, colours of one's own choice, no movement, paper: a few pages of each kind."""

from collections.abc import Iterator

import pytest

from demo.people import JONAS
from demo.stack import Stack
from tests.axe import violations
from tests.journeys.accounts import sign_in
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

OPEN = ("/login", "/register?kind=agency", "/recover/email-unknown")
OWN = ("/installations", "/account", "/account/security/factors", "/account/sessions")
CUT = """() => [...document.querySelectorAll("main *, header *")]
    .filter(each => each.scrollWidth > each.clientWidth + 1
        && !["visible", "auto", "scroll"].includes(getComputedStyle(each).overflowX)
        && !each.matches(".hidden, .skip, input, select"))
    .map(each => each.outerHTML.slice(0, 120))"""
BORDERLESS = """() => [...document.querySelectorAll("main .button, main input:not([type=hidden])")]
    .filter(each => each.getClientRects().length
        && getComputedStyle(each).borderTopStyle === "none")
    .map(each => each.outerHTML.slice(0, 120))"""
MOVING = """() => [...document.querySelectorAll("*")]
    .filter(each => /[1-9]/.test(getComputedStyle(each).transitionDuration)
        || getComputedStyle(each).animationName !== "none")
    .map(each => each.outerHTML.slice(0, 120))"""

COLOURS = """() => [getComputedStyle(document.querySelector("h1")).color,
    getComputedStyle(document.body).backgroundColor]"""


@pytest.fixture(scope="module")
def stack(default_stack: Stack) -> Stack:
    """The whole service with every feature."""
    return default_stack


def visit(jonas: Person) -> Iterator[str]:
    """Open each page, those for everybody first; gives its path."""
    for paths in (OPEN, OWN):
        if paths is OWN:
            sign_in(jonas, JONAS.shown)
        for path in paths:
            jonas.page.goto(f"{jonas.ports.issuer}{path}")
            yield path


@pytest.mark.parametrize("width", [360, 1280])
def test_text_twice_as_large_stays_whole(newcomer: Newcomer, width: int) -> None:
    jonas = newcomer("Jonas", viewport={"width": width, "height": 800})
    for path in visit(jonas):
        jonas.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert jonas.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert jonas.page.evaluate(CUT) == [], path


def test_colours_of_the_persons_own(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", forced_colors="active")
    for path in visit(jonas):
        assert jonas.page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert jonas.page.evaluate(BORDERLESS) == [], path
        assert violations(jonas.page) == []


def test_nothing_moves_for_those_who_asked(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", reduced_motion="reduce")
    for path in visit(jonas):
        assert jonas.page.evaluate(MOVING) == [], path


def test_paper_shows_the_page_and_not_its_buttons(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", color_scheme="dark")
    for path in visit(jonas):
        jonas.page.emulate_media(media="print")
        assert jonas.find("h1").is_visible(), path
        assert jonas.find("footer").is_visible(), path
        for hidden in ("header nav", ".languages", "main .button"):
            assert not any(each.is_visible() for each in jonas.find(hidden).all()), (path, hidden)
        ink, paper = jonas.page.evaluate(COLOURS)
        assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)"), path
        jonas.page.emulate_media(media="screen")
