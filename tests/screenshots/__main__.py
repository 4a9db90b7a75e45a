"""`make screenshots`: walks through every page of a fresh demo and takes pictures of them.

Narrow and wide, in every language, into `screenshots/<language>/`; one more walk shows
the dark colours. The demo has every feature; what other markets have of their own is shown in their
languages. `screenshots/index.html` lays them out side by side.
"""

import html
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import get_type_hints

from playwright.sync_api import Browser

from config import Settings, profiles
from config.checks import LOCALES
from demo import people
from demo.home import Home
from demo.settings import Ports
from demo.stack import Stack, free_port
from tests.chromium import running_chromium
from tests.screenshots import (
    account,
    behalf,
    channels,
    factors,
    leaving,
    recovery,
    registering,
    signing_in,
    sites,
)
from tests.screenshots.contacts import collaborator, holder, manager
from tests.screenshots.lists import ana
from tests.screenshots.mandates import applicant, reviewer
from tests.screenshots.offers import agency, ana_represents, bruno
from tests.screenshots.photographer import TARGET, WIDTHS, Photographer
from tests.screenshots.walks import application, joao, maria, operator, staff

WALKS = (*((language, "light") for language in sorted(LOCALES)), ("pt-BR", "dark"))
NEWCOMERS = (
    signing_in.strangers,
    registering.stranger,
    registering.agency,
    ana,
    factors.ana,
    applicant,
    recovery.forgetful,
    account.maria,
    account.joao,
    factors.joao,
)
OFFERED = (
    ana_represents,
    bruno,
    agency,
    behalf.marta,
    channels.marta,
    sites.maria,
    holder,
    manager,
    collaborator,
)
SEEDS = ("screenshots.offers", "screenshots.contacts", "screenshots.sites", "journeys.channels")
MARKETS = {  # what is particular to them
    "br-grants": (registering.grants,),
    "br-portal": (signing_in.portal, registering.agency),
    "es-managers": (signing_in.managers, registering.holder),
    "lt-business": (signing_in.business, registering.business),
}
KINDS = get_type_hints(Settings)

Arrive = Callable[[], Photographer]


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
    """Everybody's pages, once, and what other markets have of their own."""
    with fresh_stack() as stack:
        arrive = partial(Photographer, browser, stack.ports, language, scheme)
        newcomers(arrive)
        review = consoles(stack, arrive)
        for command in SEEDS:
            stack.run(command, [sys.executable, "-m", f"tests.{command}"])
        for person in OFFERED:
            person(arrive())
        leaving.reviewer(review)
        leaving.marta(arrive())
    for profile, walks in MARKETS.items():
        if language in profiles.read(profile, KINDS)["locales"]:
            with fresh_stack(profile) as stack:
                for each in walks:
                    each(Photographer(browser, stack.ports, language, scheme))


def newcomers(arrive: Arrive) -> None:
    """The doors, accounts and what belongs to them, and Maria's first guest."""
    link = maria(arrive())
    joao(arrive(), link)
    for person in NEWCOMERS:
        person(arrive())


def consoles(stack: Stack, arrive: Arrive) -> Photographer:
    """Staff at work; at last Maria ends the grant that they look at. Returns the reviewer."""
    support, review, operate = arrive(), arrive(), arrive()
    staff(support, stack.secrets[people.SUPPORT.totp])
    recovery.support(support)
    recovery.waiting(arrive())
    reviewer(review, stack.secrets[people.REVIEWER.totp])
    for task in (registering.reviewer, factors.reviewer):
        task(review)
    factors.keeper(arrive())
    operator(operate, stack.secrets[people.OPERATOR.totp])
    application(arrive())
    return review


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
    """All walks, or those whose folder is named: `lt`, `pt-BR`, `pt-BR-dark`."""
    with running_chromium() as browser:
        for language, scheme in WALKS:
            folder = language if scheme == "light" else f"{language}-{scheme}"
            if not wanted or folder in wanted:
                shutil.rmtree(TARGET / folder, ignore_errors=True)
                walk(browser, language, scheme)
    (TARGET / "index.html").write_text(contact_sheet())
    print(f"{TARGET}/index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
