"""A person with a browser who keeps a picture of each page met."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from demo.settings import Ports
from tests.axe import violations

TARGET = Path(__file__).parents[2] / "screenshots"
WIDTHS = (360, 1280)
PRIMARY = "main form[method=post] .button.primary, main form[method=post] .button.danger"


class Photographer:
    """A person with a browser who keeps a picture of each page."""

    def __init__(self, browser: Browser, ports: Ports, language: str, scheme: str) -> None:
        self.ports = ports
        self.language = language
        self.folder = TARGET / (language if scheme == "light" else f"{language}-{scheme}")
        self.folder.mkdir(parents=True, exist_ok=True)
        context = browser.new_context(locale=language, color_scheme=scheme)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)

    def shoot(self, name: str) -> None:
        """Keep the page as it is, narrow and wide."""
        number = len(list(self.folder.glob(f"*-{WIDTHS[0]}.png"))) + 1
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            path = self.folder / f"{number:03}-{name}-{width}.png"
            self.page.screenshot(path=path, full_page=True)
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                print(f"{path}: wider than the window", file=sys.stderr)
            for line in violations(self.page):
                print(line, file=sys.stderr)

    def go(self, path: str, name: str = "") -> None:
        """Open a page of the provider, or any address."""
        self.page.goto(path if "://" in path else f"{self.ports.issuer}{path}")
        if name:
            self.shoot(name)

    def press(self, selector: str = PRIMARY, name: str = "") -> None:
        """Press the button and wait for what follows."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        if name:
            self.shoot(name)

    def fill(self, **values: str) -> None:
        """Type into the fields of these names."""
        for field, value in values.items():
            self.page.fill(f"[name={field}]", value)

    def tick(self, *names: str) -> None:
        """Tick boxes by name, or by `name=value`."""
        for each in names:
            name, _, value = each.partition("=")
            self.page.check(f"[name={name}][value={value}]" if value else f"[name={name}]")

    def path_of(self, selector: str) -> str:
        """Where a link leads."""
        return self.page.locator(selector).first.get_attribute("href") or ""

    def follow_mail(self, to: str, part: str, name: str = "") -> None:
        """Open the newest mail to this address, then its link that holds `part`."""
        for _ in range(100):
            self.go(f"/demo/inbox?to={to}")
            links = self.page.locator("main td a")
            if links.count():
                links.first.click()
                if (found := self.page.locator(f"main a[href*='{part}']")).count():
                    break
            self.page.wait_for_timeout(100)
        if name:
            self.shoot(name)
        self.go(found.first.get_attribute("href") or "")
