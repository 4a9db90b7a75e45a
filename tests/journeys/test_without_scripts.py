"""Everything but passkeys works in a browser that runs no script: registration on several pages, a
second factor, recovery, another address, access given and taken back."""

import time
from dataclasses import replace
from http import HTTPStatus

import pyotp
import pytest

from demo.people import JONAS, MARIA, PASSWORD, RUTA, Customer
from demo.stack import Stack
from tests.journeys.accounts import (
    AGENCY_ADDRESS,
    NEW_PASSWORD,
    begin_registration,
    choose_password,
    follow_activation,
    set_new_password,
    sign_in,
    sign_out,
)
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.steps import accept, invite, open_mail, type_credentials

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

STEP = 30  # seconds for which an app shows a code
INSTALLATION, LENT = "LT-0001003", "LT-0001001"
MOVED = replace(RUTA, email="ruta@example.net")
BRUNO = Customer(
    "Bruno Reis", "44455566619", "444.555.666-19", "bruno@example.com", "+5511987651234"
)


@pytest.fixture(scope="module")
def stack(default_stack: Stack) -> Stack:
    """The whole service with every feature."""
    return default_stack


def show_factor(ruta: Person, identifier: str, password: str, code: str) -> None:
    """Sign in with the password and a code."""
    ruta.go(f"{ruta.ports.issuer}/login")
    ruta.fill(identifier=identifier, password=password)
    ruta.press("#sign-in-submit")
    ruta.fill(code="000000")
    ruta.press("#factor-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    ruta.fill(code=code)
    ruta.press("#factor-submit")
    assert ruta.sees(INSTALLATION)


def set_up_app(ruta: Person) -> tuple[pyotp.TOTP, list[str]]:
    """The app, and the recovery codes that come with it."""
    ruta.go(f"{ruta.ports.issuer}/account/security/factors")
    ruta.follow("Set up an authenticator app")
    totp = pyotp.TOTP(ruta.find("#secret").inner_text().replace(" ", ""))
    ruta.fill(code=totp.now())
    ruta.press("#app-submit")
    return totp, [each.inner_text() for each in ruta.find("#recovery-codes code").all()]


def test_several_pages_of_a_registration(newcomer: Newcomer) -> None:
    bruno = newcomer("Bruno", java_script_enabled=False)
    begin_registration(bruno, "agency")
    bruno.fill(tax_id=BRUNO.shown, name=BRUNO.name, email=BRUNO.email)
    choose_password(bruno)
    bruno.press("#register-submit")
    bruno.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    bruno.fill(trade_name="Reis Imóveis", responsible=BRUNO.name, creci="98765-F", **AGENCY_ADDRESS)
    bruno.find("[name=state]").select_option("SP")
    bruno.press("#register-submit")
    bruno.follow("Back")
    assert bruno.find("[name=creci]").input_value() == "98765-F"
    bruno.press("#register-submit")
    bruno.tick("accept_terms", "accept_statement")
    bruno.press("#register-submit")
    open_mail(bruno, BRUNO, "/activate/")
    bruno.press("#activate-submit")
    sign_in(bruno, BRUNO.shown)


def test_an_account_is_opened_proven_secured_recovered_and_moved(newcomer: Newcomer) -> None:
    ruta = newcomer("Rūta", java_script_enabled=False)
    begin_registration(ruta)
    ruta.fill(tax_id=RUTA.shown, name=RUTA.name, email=RUTA.email)
    choose_password(ruta)
    ruta.tick("accept_terms")
    ruta.press("#register-submit")
    follow_activation(ruta, RUTA)
    ruta.press("#activate-submit")
    ruta.go(f"{ruta.ports.issuer}/login")
    assert not ruta.find("#passkey-submit").is_visible()
    sign_in(ruta, RUTA.shown)
    ruta.go(f"{ruta.ports.issuer}/account/proof")
    ruta.fill(contract_number="LT-2024-004417")
    ruta.press("#prove-submit")
    totp, codes = set_up_app(ruta)
    sign_out(ruta)
    show_factor(ruta, RUTA.shown, PASSWORD, totp.at(time.time() + STEP))

    ruta.go(f"{ruta.ports.issuer}/recover")
    ruta.fill(tax_id=RUTA.shown, email=RUTA.email)
    ruta.press("#recover-submit")
    set_new_password(ruta, RUTA)
    show_factor(ruta, RUTA.email, NEW_PASSWORD, codes[0])

    ruta.go(f"{ruta.ports.issuer}/account/email")
    ruta.fill(new_email=MOVED.email)
    ruta.press("#email-submit")
    open_mail(ruta, MOVED, "/email/confirmation/")
    ruta.press("#email-confirm")
    sign_out(ruta)
    show_factor(ruta, MOVED.email, NEW_PASSWORD, codes[1])
    ruta.go(f"{ruta.ports.issuer}/account/security/app/removal")
    ruta.press("#app-remove")


def test_access_is_given_and_taken_back(newcomer: Newcomer) -> None:
    jonas, maria = (newcomer(name, java_script_enabled=False) for name in ("Jonas", "Maria"))
    sign_in(jonas, JONAS.shown)
    jonas.follow("Invitations")
    invite(jonas, MARIA, LENT)
    open_mail(maria, MARIA, "/invitations/")
    maria.follow("Sign in")
    type_credentials(maria, MARIA)
    accept(maria)
    maria.go(f"{maria.ports.issuer}/installations")
    assert maria.sees(LENT)
    jonas.go(f"{jonas.ports.issuer}/grants")
    jonas.follow(MARIA.name)
    jonas.follow("Take this access back")
    jonas.press("#grant-revoke")
    maria.go(f"{maria.ports.issuer}/installations")
    assert not maria.sees(LENT)
