"""`make screenshots`: walks through every page of a fresh demo and takes pictures of them.

Narrow and wide, in Portuguese and in English, into `screenshots/<language>/`; one more walk shows
the dark colours. `screenshots/index.html` lays them out side by side.
"""

import html
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, Page, sync_playwright

from demo import people
from demo.home import Home
from demo.settings import Ports
from demo.stack import Stack, free_port
from tests.journeys.conftest import BROWSERS, QUIET

TARGET = Path(__file__).parent.parent / "screenshots"
WIDTHS = (360, 1280)
WALKS = (("pt-BR", "light"), ("en", "light"), ("pt-BR", "dark"))
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
            path = self.folder / f"{number:02}-{name}-{width}.png"
            self.page.screenshot(path=path, full_page=True)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            print(f"{self.folder.name}: {name} is wider than the window", file=sys.stderr)

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


def sign_in(person: Photographer, customer: people.Customer) -> None:
    """Through the page, with an error on the way."""
    person.go("/login", "sign-in")
    person.press("#sign-in-submit", "sign-in-errors")
    person.fill(identifier=customer.shown, password=people.PASSWORD)
    person.press("#sign-in-submit")


def maria(person: Photographer) -> str:
    """Maria's own pages, and an invitation; returns its link."""
    sign_in(person, people.MARIA)
    person.go("/installations", "installations")
    installation = person.path_of("main .cards a")
    person.go(installation, "installation")
    person.go("/grants", "grants-empty")
    person.go("/invitations", "invitations-empty")
    person.go("/invitations/new", "invitation-holder")
    person.tick("aware")
    person.press()
    while person.page.locator("[name=segment]").count():
        person.shoot("invitation-segment")
        person.page.locator("[name=segment]").last.check()
        person.press()
    person.shoot("invitation-installations")
    person.page.locator("[name=installations]").first.check()
    person.press("#continue", "invitation-guest")
    person.press(name="invitation-guest-errors")
    joao = people.JOAO
    person.fill(guest_name=joao.name, guest_tax_id=joao.shown, guest_email=joao.email)
    person.tick("level=read_only")
    person.press(name="invitation-check")
    person.tick("accept_permission_terms")
    person.press("#invitation-send", "invitation-sent")
    link = person.page.input_value("#copyable")
    person.go("/invitations", "invitations")
    person.go(person.path_of("main .cards a"), "invitation")
    for path, name in (
        ("/account", "account"),
        ("/account/security", "security"),
        ("/account/security/password", "password"),
        ("/account/sessions", "sessions"),
        ("/account/sessions/others", "sessions-others"),
        ("/account/activity", "activity"),
        ("/help/real", "real"),
        ("/terms/platform", "terms"),
        ("/nothing", "not-found"),
    ):
        person.go(path, name)
    return link


def joao(person: Photographer, link: str) -> None:
    """João registers, activates, and accepts."""
    person.go("/recover", "recover")
    person.go("/activation/resend", "activation-resend")
    person.go("/demo/inbox", "inbox")
    person.go(link, "invitation-stranger")
    person.page.locator("main a[href*=register]").first.click()
    person.shoot("register")
    person.press("#register-submit", "register-errors")
    guest = people.JOAO
    person.fill(tax_id=guest.shown, name=guest.name, email=guest.email)
    person.fill(password=people.PASSWORD, password_confirmation=people.PASSWORD)
    person.tick("accept_terms")
    person.press("#register-submit", "register-sent")
    person.follow_mail(guest.email, "/activate/", "mail-activation")
    person.shoot("activate")
    person.press("#activate-submit", "activated")
    person.fill(identifier=guest.shown, password=people.PASSWORD) if person.page.locator(
        "[name=identifier]"
    ).count() else sign_in(person, guest)
    person.go(link, "invitation-decide")
    person.tick("accept_permission_terms", "accept_platform_terms")
    person.press("#invitation-accept", "invitation-accepted")
    person.go("/installations", "installations-received")
    person.go("/grants?side=received", "grants-received")
    person.go(person.path_of("main .cards a"), "grant-received")
    person.go(person.path_of("main a[href$=renunciation]"), "grant-renounce")


def application(person: Photographer) -> None:
    """Maria at the example application: consent; then she revokes."""
    person.go(person.ports.application, "application")
    person.page.locator("main a, main button").first.click()
    if person.page.locator("#consent-allow").count():
        person.shoot("consent")
        person.press("#consent-allow", "application-signed-in")
    person.go("/grants", "grants")
    person.go(person.path_of("main .cards a"), "grant")
    person.go(person.path_of("main a[href$=revocation]"), "grant-revoke")
    person.press("#grant-revoke", "grant-revoked")


def staff(person: Photographer, secret: str) -> None:
    """The console."""
    person.go("/admin/", "staff-sign-in")
    person.fill(email=people.SUPPORT.email, password=people.PASSWORD)
    person.press("#sign-in-submit", "staff-factor")
    person.fill(code=pyotp.TOTP(secret).now())
    person.press("#factor-submit", "staff-home")
    person.fill(term="Maria")
    person.press(name="staff-found")
    person.go(person.path_of("main table a"), "staff-account")
    grant = person.page.locator("main a[href*='/admin/grants/']")
    if grant.count():
        person.go(grant.first.get_attribute("href") or "", "staff-grant")
    for name in ("trail", "clients", "keys", "mails"):
        person.go(f"/admin/{name}", f"staff-{name}")


@contextmanager
def fresh_stack() -> Iterator[Stack]:
    """A demo of its own, thrown away afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="outorga-screenshots-"))
    directory.chmod(0o755)
    stack = Stack(
        Home(directory / "demo"), Ports(free_port(), free_port(), free_port()), durable=False
    )
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(directory)


def walk(browser: Browser, language: str, scheme: str) -> None:
    """Everybody's pages, once."""
    with fresh_stack() as stack:
        mine = Photographer(browser, stack.ports, language, scheme)
        link = maria(mine)
        joao(Photographer(browser, stack.ports, language, scheme), link)
        application(mine)
        secret = stack.secrets[people.SUPPORT.totp]
        staff(Photographer(browser, stack.ports, language, scheme), secret)


def contact_sheet() -> str:
    """All pictures on one page."""
    rows = []
    for folder in sorted(each for each in TARGET.iterdir() if each.is_dir()):
        rows.append(f"<h1>{html.escape(folder.name)}</h1>")
        for path in sorted(folder.glob(f"*-{WIDTHS[1]}.png")):
            name = path.name.removesuffix(f"-{WIDTHS[1]}.png")
            pictures = "".join(
                f'<img src="{folder.name}/{name}-{width}.png" width="{width // 3}" alt="">'
                for width in WIDTHS
            )
            rows.append(f"<figure><figcaption>{name}</figcaption>{pictures}</figure>")
    return (
        "<!doctype html><meta charset=utf-8><title>Outorga</title>"
        "<style>figure{display:inline-block;vertical-align:top}img{border:1px solid}</style>"
        + "\n".join(rows)
    )


def main(wanted: list[str]) -> None:
    """All walks, or those whose folder is named: `pt-BR`, `en`, `pt-BR-dark`."""
    with sync_playwright() as playwright:
        names = (os.environ.get("CHROMIUM", ""), *BROWSERS)
        found = next((path for name in names if name and (path := shutil.which(name))), None)
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=found, args=[*QUIET, *sandbox])
        for language, scheme in WALKS:
            folder = language if scheme == "light" else f"{language}-{scheme}"
            if not wanted or folder in wanted:
                shutil.rmtree(TARGET / folder, ignore_errors=True)
                walk(browser, language, scheme)
        browser.close()
    (TARGET / "index.html").write_text(contact_sheet())
    print(f"{TARGET}/index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
