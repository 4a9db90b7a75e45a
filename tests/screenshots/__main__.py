"""`make screenshots`: walks through every page of a fresh demo and takes pictures of them.

Narrow and wide, in every language, into `screenshots/<language>/`; one more walk shows
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

from playwright.sync_api import Browser, sync_playwright

from demo import people
from demo.home import Home
from demo.settings import Ports
from demo.stack import Stack, free_port
from tests.journeys.conftest import BROWSERS, QUIET
from tests.screenshots import factors, leaving
from tests.screenshots.behalf import marta
from tests.screenshots.contacts import collaborator, holder, manager
from tests.screenshots.lists import ana
from tests.screenshots.mandates import applicant, reviewer
from tests.screenshots.offers import agency, ana_represents, bruno
from tests.screenshots.photographer import TARGET, WIDTHS, Photographer
from tests.screenshots.walks import application, joao, maria, operator, staff

WALKS = (("pt-BR", "light"), ("es", "light"), ("en", "light"), ("pt-BR", "dark"))


@contextmanager
def fresh_stack(profile: str = people.DEFAULT) -> Iterator[Stack]:
    """A demo of its own, thrown away afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="outorga-screenshots-"))
    directory.chmod(0o755)
    ports = Ports(free_port(), free_port(), free_port())
    stack = Stack(Home(directory / "demo"), ports, durable=False, profile=profile)
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
        ana(Photographer(browser, stack.ports, language, scheme))
        factors.ana(Photographer(browser, stack.ports, language, scheme))
        applicant(Photographer(browser, stack.ports, language, scheme))
        for walk_through, member in (
            (staff, people.SUPPORT),
            (reviewer, people.REVIEWER),
            (operator, people.OPERATOR),
        ):
            person = Photographer(browser, stack.ports, language, scheme)
            walk_through(person, stack.secrets[member.totp])
        application(mine)  # it ends the grant that the others look at
        stack.run("offers", [sys.executable, "-m", "tests.screenshots.offers"])
        for guest in (ana_represents, bruno, agency):
            guest(Photographer(browser, stack.ports, language, scheme))
        person = Photographer(browser, stack.ports, language, scheme)
        leaving.reviewer(person, stack.secrets[people.REVIEWER.totp])
    with fresh_stack("es-managers") as stack:
        marta(Photographer(browser, stack.ports, language, scheme))
        stack.run("contacts", [sys.executable, "-m", "tests.screenshots.contacts"])
        for each in (holder, manager, collaborator, leaving.marta):
            each(Photographer(browser, stack.ports, language, scheme))


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
    """All walks, or those whose folder is named: `pt-BR`, `es`, `en`, `pt-BR-dark`."""
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
