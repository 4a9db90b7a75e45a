"""A hundred thousand installations by a file, in Chromium: template, upload, choice, acceptance."""

import sys
from pathlib import Path

import pytest

from demo.people import Customer
from demo.stack import Stack
from tests.journeys.conftest import Newcomer
from tests.journeys.many import MANY, PAULA
from tests.journeys.person import Person
from tests.journeys.steps import (
    accept,
    open_mail,
    register,
    sign_in_at_application,
    type_credentials,
)

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

BRUNO = Customer(
    "Bruno Reis", "44455566619", "444.555.666-19", "bruno@example.com", "+5511987651234"
)
READING_MS = 60_000


def test_paula_gives_access_to_a_hundred_thousand_installations_by_a_file(
    newcomer: Newcomer, stack: Stack, tmp_path: Path
) -> None:
    stack.run("many", [sys.executable, "-m", "tests.journeys.many"])
    paula, bruno = newcomer("Paula"), newcomer("Bruno")
    paula.go(f"{paula.ports.issuer}/invitations/new")
    type_credentials(paula, PAULA)
    to_the_list_of_installations(paula)

    template = download_template(paula, tmp_path)
    paula.follow("Upload a file")
    paula.find("[name=file]").set_input_files(template)
    paula.press("#upload-submit")
    assert paula.find("progress").count() == 1
    paula.find("#upload-choose").wait_for(timeout=READING_MS)
    paula.look()
    assert paula.sees("100,000 installations of your file can be chosen")
    paula.press("#upload-choose")
    assert counts_all(paula)

    paula.press("#continue")
    invite_bruno(paula)
    assert paula.sees(BRUNO.name)
    open_mail(bruno, BRUNO, "/invitations/")
    register(bruno, BRUNO)
    assert counts_all(bruno)
    accept(bruno)
    sign_in_at_application(bruno, BRUNO)
    assert f"You may see {MANY} installations" in bruno.text.replace(",", "")


def counts_all(person: Person) -> bool:
    """Whether the page speaks of all of them, with or without a comma."""
    return str(MANY) in person.text.replace(",", "")


def to_the_list_of_installations(person: Person) -> None:
    """Through the steps before it."""
    person.tick("aware")
    person.press("Continue")
    person.page.check("[name=choice][value=chosen]")
    person.press("Continue")


def download_template(person: Person, folder: Path) -> Path:
    """The XLSX file as it is saved."""
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="XLSX").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    assert path.stat().st_size > MANY
    return path


def invite_bruno(person: Person) -> None:
    """From the guest's step to the invitation sent."""
    person.fill(guest_name=BRUNO.name, guest_tax_id=BRUNO.shown, guest_email=BRUNO.email)
    person.page.check("[name=level][value=read_only]")
    person.press("Continue")
    assert counts_all(person)
    person.tick("accept_permission_terms")
    person.press("#invitation-send")
