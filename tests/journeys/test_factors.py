"""Second factors in Chromium, whose virtual authenticator stands in for a phone or a key."""

import time
from http import HTTPStatus

import pyotp
import pytest

from demo.people import ANA, MARIA, Customer
from tests.journeys.conftest import Newcomer
from tests.journeys.device import Device
from tests.journeys.person import Person
from tests.journeys.steps import type_credentials

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
]

STEP = 30  # seconds for which an app shows a code


def sign_in(person: Person, customer: Customer) -> None:
    """Tax id and password at the provider itself."""
    person.go(f"{person.ports.issuer}/login?next=/account/security/factors")
    type_credentials(person, customer)


def sign_out(person: Person) -> None:
    """By the button of the menu."""
    person.press("Sign out")


def set_up_app(person: Person) -> pyotp.TOTP:
    """From the page of factors to the app turned on, with its codes on the page."""
    person.follow("Set up an authenticator app")
    totp = pyotp.TOTP(person.find("#secret").inner_text().replace(" ", ""))
    person.fill(code=totp.now())
    person.press("#app-submit")
    assert person.sees("Keep these recovery codes")
    return totp


def remove(person: Person, link: str, button: str) -> None:
    """Do without it again: the others share this demo."""
    person.go(f"{person.ports.issuer}/account/security/factors")
    person.follow(link)
    person.press(button)


def test_an_app_is_set_up_and_asked_for(newcomer: Newcomer) -> None:
    maria = newcomer("Maria")
    sign_in(maria, MARIA)
    totp = set_up_app(maria)
    maria.follow("I have kept them")
    assert maria.sees("10 codes left")
    sign_out(maria)
    sign_in(maria, MARIA)
    assert maria.sees("Show that it is you")
    maria.fill(code="000000")
    maria.press("#factor-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    assert maria.sees("This code is not right")
    maria.fill(code=totp.at(time.time() + STEP))  # the one that confirmed the app is used up
    maria.press("#factor-submit")
    assert maria.sees("Second factors")
    remove(maria, "Remove the app", "#app-remove")


def test_a_recovery_code_stands_in_for_the_app(newcomer: Newcomer) -> None:
    ana = newcomer("Ana")
    sign_in(ana, ANA)
    set_up_app(ana)
    codes = [each.inner_text() for each in ana.find("#recovery-codes code").all()]
    with ana.page.expect_download() as download:
        ana.find("#codes-download").click()
    assert download.value.path().read_text().split() == codes
    ana.follow("I have kept them")
    sign_out(ana)
    sign_in(ana, ANA)
    ana.follow("I can't use it any more")
    ana.follow("Type a recovery code")
    ana.fill(code=codes[0].upper())
    ana.press("#factor-submit")
    ana.go(f"{ana.ports.issuer}/account/security/factors")
    assert ana.sees("9 codes left")
    remove(ana, "Remove the app", "#app-remove")


def test_a_passkey_signs_in_without_the_password_and_beside_it(newcomer: Newcomer) -> None:
    maria = newcomer("Maria")
    device = Device(maria.page)
    sign_in(maria, MARIA)
    maria.follow("Add a passkey")
    maria.fill(name="Maria's phone")
    maria.press("#passkey-submit")
    assert maria.sees("Keep these recovery codes")
    assert device.count == 1
    maria.follow("I have kept them")
    assert maria.sees("Maria's phone")
    sign_out(maria)

    device.answer(present=False)
    maria.go(f"{maria.ports.issuer}/login?next=/account/security/factors")
    device.answer(present=True)
    maria.press("#passkey-submit")
    assert maria.sees("Maria's phone"), maria.text
    sign_out(maria)

    device.answer(present=False)
    maria.go(f"{maria.ports.issuer}/login?next=/account/security/factors")
    type_credentials(maria, MARIA)
    assert maria.sees("Show that it is you")
    device.answer(present=True)
    maria.press("#passkey-submit")
    assert maria.sees("Maria's phone")
    remove(maria, "Remove", "#passkey-remove")
