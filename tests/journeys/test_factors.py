"""Second factors in Chromium, whose virtual authenticator stands in for a phone or a key."""

import time
from http import HTTPStatus

import pyotp
import pytest
from playwright.sync_api import FilePayload

from demo.people import ANA, MARIA, Customer
from demo.stack import Stack
from idp.admin.models import Role
from tests.factories.admin import a_member
from tests.factories.evidence import a_picture
from tests.factories.factors import Authenticator, a_passkey, an_app
from tests.journeys.accounts import PHONE_AND_DESK
from tests.journeys.conftest import Newcomer
from tests.journeys.device import Device
from tests.journeys.inside import a_day_passes, an_account_of, inside
from tests.journeys.person import Person
from tests.journeys.staff import find_account, sign_in_staff
from tests.journeys.steps import open_mail, type_credentials

pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
]

LARA, NILO, VERA = (
    Customer("Lara Pinto", "24680246804", "246.802.468-04", "lara@example.com", "+5511911112222"),
    Customer("Nilo Ramos", "13579135759", "135.791.357-59", "nilo@example.com", "+5511933334444"),
    Customer("Vera Alves", "86420864240", "864.208.642-40", "vera@example.com", "+5511955556666"),
)
RENATA = "renata.factors@example.com"
IDENTITY_CARD: FilePayload = {
    "name": "identidade.png",
    "mimeType": "image/png",
    "buffer": a_picture(),
}
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


def test_a_passkey_offered_beside_the_field_spares_all_typing(
    newcomer: Newcomer, stack: Stack
) -> None:
    vera, known = newcomer("Vera", PHONE_AND_DESK), Authenticator()
    device = Device(vera.page)
    with inside(stack):
        a_passkey(an_account_of(VERA), known)
    device.take(known)
    device.answer(present=False)
    vera.go(f"{vera.ports.issuer}/login?next=/account/security/factors")
    assert vera.find("[name=identifier]").get_attribute("autocomplete") == "username webauthn"
    device.answer(present=True)
    vera.page.goto(vera.page.url, wait_until="commit")  # nothing is typed, no button pressed
    vera.page.wait_for_url(f"{vera.ports.issuer}/account/security/factors")
    vera.look()
    assert vera.sees("My phone")


def ask_for_removal(reviewer: Person, customer: Customer) -> None:
    """Somebody called, and seemed to be `customer`."""
    find_account(reviewer, customer)
    reviewer.follow("Remove second factors")
    reviewer.press("#account-factors", HTTPStatus.UNPROCESSABLE_ENTITY)
    reviewer.fill(checked="Identity card, by video", reason="Phone lost, protocol 4712")
    reviewer.page.set_input_files("[name=documents]", [IDENTITY_CARD])
    reviewer.press("#account-factors")
    assert reviewer.sees("unless the person objects")
    with reviewer.page.expect_download() as download:
        reviewer.page.get_by_role("button", name="Download document 1").click()
    assert download.value.path().read_bytes() == IDENTITY_CARD["buffer"]


def test_lost_factors_are_removed_by_staff_unless_the_person_objects(
    newcomer: Newcomer, stack: Stack
) -> None:
    with inside(stack):
        for each in (LARA, NILO):
            an_app(an_account_of(each))
        a_member(Role.REVIEWER, RENATA, "Renata Dias")
    lara, nilo = newcomer("Lara", PHONE_AND_DESK), newcomer("Nilo", PHONE_AND_DESK)
    renata = newcomer("Renata", PHONE_AND_DESK)
    sign_in(lara, LARA)
    lara.follow("I can't use it any more")
    assert lara.sees("Then our staff has to make sure that you are you")
    sign_in_staff(renata, RENATA)
    for each in (LARA, NILO):
        ask_for_removal(renata, each)
    open_mail(lara, LARA, "/factors/removal/")  # nothing to do here: it was she
    sign_in(lara, LARA)
    assert lara.sees("Show that it is you")
    open_mail(nilo, NILO, "/factors/removal/")
    nilo.press("#factor-keep")
    assert nilo.sees("Your second factor stays")

    a_day_passes(stack)
    sign_in(lara, LARA)
    assert lara.sees("With a second factor nobody gets in"), lara.text
    sign_in(nilo, NILO)
    assert nilo.sees("Show that it is you")
