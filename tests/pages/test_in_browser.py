"""The layout in a real browser, with and without its script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.axe import violations
from tests.chromium import PATIENCE_MS
from tests.conftest import make_app
from tests.pages.sample import add_sample_pages
from tests.serving import serving

pytestmark = pytest.mark.journey

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of the sample pages."""
    app = make_app("postgresql://nobody:nothing@127.0.0.1:1/none?connect_timeout=1")
    add_sample_pages(app)
    with serving(app) as address:
        yield address


@pytest.fixture
def opened(chromium: Browser, address: str) -> Iterator[Opener]:
    """`opened("/form", …)` opens a page in a profile of its own."""
    contexts = []

    def open_page(path: str, **options: object) -> Page:
        context = chromium.new_context(locale="en", **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(f"{address}{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Whether scripts run."""
    return bool(request.param)


def test_enter_sends_the_form_and_not_the_language_switch(opened: Opener, script: bool) -> None:
    page = opened("/form", java_script_enabled=script)
    page.fill("#name", "Maria")
    with page.expect_navigation():
        page.press("#name", "Enter")
    assert page.text_content("body") == "sent"


def test_the_language_switch_keeps_what_was_typed(opened: Opener, script: bool) -> None:
    page = opened("/form", java_script_enabled=script)
    page.fill("#name", "João")
    page.click(".languages summary")
    with page.expect_navigation():
        page.click(".languages button[lang=es]")
    assert page.get_attribute("html", "lang") == "es"
    assert page.input_value("#name") == "João"


def test_the_error_summary_has_the_focus(opened: Opener, script: bool) -> None:
    page = opened("/form", java_script_enabled=script)
    with page.expect_navigation():
        page.click("#send")
    assert page.locator("#error-summary:focus").count() == 1
    page.click("#error-summary a")
    assert page.locator("#name:focus").count() == 1


def test_a_button_pressed_twice_in_a_hurry_sends_once(opened: Opener) -> None:
    page = opened("/form")
    posts = []
    page.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    page.fill("#name", "Maria")
    page.evaluate(
        "document.getElementById('send').click(); document.getElementById('send').click()"
    )
    page.wait_for_function("document.body.textContent === 'sent'")
    assert len(posts) == 1


def test_a_password_can_be_looked_at(opened: Opener) -> None:
    page = opened("/form")
    page.fill("#password", "a secret")
    toggle = page.locator(".password button")
    assert toggle.get_attribute("aria-label") == "Show: Password"
    toggle.click()
    assert page.get_attribute("#password", "type") == "text"
    toggle.click()
    assert page.get_attribute("#password", "type") == "password"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/form", "/parts", "/help/real", "/nothing"])
def test_axe_finds_nothing(opened: Opener, path: str, scheme: str) -> None:
    page = opened(path, color_scheme=scheme)
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/form", "/parts", "/help/real", "/nothing"])
@pytest.mark.parametrize(("width", "text"), [(320, "106.25%"), (360, "200%"), (1280, "212.5%")])
def test_nothing_is_wider_than_the_window(opened: Opener, path: str, width: int, text: str) -> None:
    page = opened(path, viewport={"width": width, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [320, 1280])
def test_whatever_is_pressed_is_large_enough(opened: Opener, width: int) -> None:
    page = opened("/form", viewport={"width": width, "height": 640})
    page.click(".languages summary")
    heights = page.evaluate(
        """() => [...document.querySelectorAll(
            "main button:not(.hidden), main input:not([type=hidden]), header a, header summary,"
            + "header button:not(.hidden), footer li a")]
            .map(each => [each.outerHTML.slice(0, 80),
                          (each.closest(".choice") || each).getBoundingClientRect().height])"""
    )
    assert [each for each in heights if each[1] < 44] == []
