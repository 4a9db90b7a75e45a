"""The provider's pages in a real browser, in front of applications that it is sent back to."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from tests.axe import violations
from tests.chromium import PATIENCE_MS
from tests.factories.accounts import PASSWORD
from tests.factories.oauth import REDIRECT_URI
from tests.oauth import flow
from tests.oauth.interop.conftest import Provider

pytestmark = pytest.mark.journey

PIXEL = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'


class Visit:
    """A page of Maria's browser, and what reached the application from it."""

    def __init__(self, page: Page, provider: Provider) -> None:
        self.page, self.issuer = page, provider.issuer
        self.application = provider.client(logo_uri="https://app.example/logo.svg")
        self.received: list[Request] = []
        page.route("https://app.example/**", self._answer)

    def _answer(self, route: Route) -> None:
        if route.request.url.endswith(".svg"):
            route.fulfill(body=PIXEL, content_type="image/svg+xml")
            return
        self.received.append(route.request)
        route.fulfill(body="<h1>Back</h1>", content_type="text/html")

    def authorize(self, **changes: str | None) -> None:
        """Open the authorization address."""
        query = flow.request_for(self.application, **changes)
        self.page.goto(f"{self.issuer}/oauth/authorize?{urlencode(query)}")

    def sign_in(self) -> None:
        self.page.fill("[name=identifier]", "529.982.247-25")
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("#sign-in-submit")


@pytest.fixture
def visit(request: pytest.FixtureRequest, chromium: Browser, provider: Provider) -> Iterator[Visit]:
    runs_scripts = getattr(request, "param", True)
    context = chromium.new_context(
        locale="en", java_script_enabled=runs_scripts, ignore_https_errors=True
    )
    context.set_default_timeout(PATIENCE_MS)
    yield Visit(context.new_page(), provider)
    context.close()


def check_arrival(visit: Visit) -> None:
    """One answer by form, and nothing of where it came from."""
    visit.page.wait_for_url(REDIRECT_URI)
    (posted,) = visit.received
    assert posted.method == "POST"
    assert "code=" in (posted.post_data or "")
    assert "referer" not in posted.headers


def test_an_answer_by_form_is_sent_by_the_script(visit: Visit) -> None:
    visit.authorize(response_mode="form_post")
    visit.sign_in()
    visit.page.click("#consent-allow")
    check_arrival(visit)


@pytest.mark.parametrize("visit", [False], indirect=True)
def test_without_scripts_a_button_sends_it(visit: Visit) -> None:
    visit.authorize(response_mode="form_post")
    visit.sign_in()
    visit.page.click("#consent-allow")
    visit.page.click("#form-post-submit")
    check_arrival(visit)


def test_the_account_is_chosen_on_a_page_with_the_applications_logo(visit: Visit) -> None:
    visit.authorize()
    visit.sign_in()
    visit.authorize(prompt="select_account", response_mode="form_post")
    logo = visit.page.locator("img.application-logo")
    assert logo.evaluate("each => each.decode().then(() => each.naturalWidth)") == 64
    assert not list(violations(visit.page))
    visit.page.click("#account-continue")
    visit.page.click("#consent-allow")
    check_arrival(visit)
    visit.authorize(prompt="select_account")
    visit.page.click("#account-other")
    visit.page.wait_for_url(f"{visit.issuer}/login?**")
