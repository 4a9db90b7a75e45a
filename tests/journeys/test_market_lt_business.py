"""`lt-business`: companies register with code and contract number, set the password after the link
in the mail, and sign in with their e-mail address (Elektrum's manual)."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from demo.people import JONAS, LITHUANIA, RUTA, TOMAS
from demo.stack import Stack
from tests.journeys.accounts import (
    NEW_PASSWORD,
    PHONE_AND_DESK,
    begin_registration,
    choose_password,
    fail_to_sign_in,
    set_new_password,
    sign_in,
    sign_out,
)
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import open_mail

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PASSWORD = LITHUANIA.password
MOVED = replace(JONAS, email="jonas@example.net")


@pytest.fixture(scope="module")
def stack(business_stack: Stack) -> Stack:
    """The whole service under this profile."""
    return business_stack


def test_a_customer_registers_and_sets_the_password_after_the_mail(newcomer: Newcomer) -> None:
    ruta = newcomer("Rūta", PHONE_AND_DESK, locale="lt")
    begin_registration(ruta)
    assert ruta.find("[name=password]").count() == 0
    ruta.fill(given_name="Rūta", family_name="Kazlauskienė", tax_id=RUTA.shown, email=RUTA.email)
    ruta.page.check("[name=is_customer][value=yes]")
    ruta.tick("accept_terms")
    ruta.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)  # which contract?
    assert ruta.find("[name=contract_number][aria-invalid=true]").count() == 1
    ruta.fill(contract_number="LT-2024-004417")
    ruta.press("#register-submit")
    open_mail(ruta, RUTA, "/activate/")
    for weak in ("Trump1", "neturi didziuju raidziu 1", "Neturi skaitmens cia"):
        choose_password(ruta, weak)
        ruta.press("#activate-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    choose_password(ruta, PASSWORD)
    ruta.press("#activate-submit")
    sign_in(ruta, RUTA.email, PASSWORD)
    assert ruta.sees("LT-0001003")  # the contract number has proven it
    sign_out(ruta)


def test_a_company_that_is_no_customer_yet_gets_an_account_too(newcomer: Newcomer) -> None:
    tomas = newcomer("Tomas", PHONE_AND_DESK, locale="lt")
    begin_registration(tomas)
    tomas.fill(given_name="Tomas", family_name="Jankauskas", tax_id=TOMAS.shown, email=TOMAS.email)
    tomas.page.check("[name=is_customer][value=no]")
    tomas.tick("accept_terms")
    tomas.press("#register-submit")
    open_mail(tomas, TOMAS, "/activate/")
    choose_password(tomas, PASSWORD)
    tomas.press("#activate-submit")
    sign_in(tomas, TOMAS.email, PASSWORD)


def test_the_company_code_is_no_sign_in_name_here(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", PHONE_AND_DESK, locale="lt")
    said = fail_to_sign_in(jonas, JONAS.shown, PASSWORD)
    assert said != fail_to_sign_in(jonas, JONAS.email)
    assert fail_to_sign_in(jonas, JONAS.email) == fail_to_sign_in(jonas, "niekas@example.com")
    sign_in(jonas, JONAS.email.upper(), PASSWORD)
    assert jonas.sees("LT-0001001")


def test_a_forgotten_password_is_set_anew_by_mail(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", PHONE_AND_DESK, locale="lt")
    jonas.go(f"{jonas.ports.issuer}/recover")
    jonas.fill(tax_id=JONAS.shown, email=JONAS.email)
    jonas.press("#recover-submit")
    set_new_password(jonas, JONAS)
    sign_in(jonas, JONAS.email, NEW_PASSWORD)


def test_a_contract_number_leads_to_a_forgotten_address(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", PHONE_AND_DESK, locale="lt")
    jonas.go(f"{jonas.ports.issuer}/recover/email-unknown")
    jonas.fill(tax_id=JONAS.shown, contract_number="LT-2023-000951")
    jonas.press("#recover-submit")
    assert jonas.sees("j•••@e•••.com")
    set_new_password(jonas, JONAS)


def test_a_lost_address_is_replaced_by_whoever_knows_the_password(newcomer: Newcomer) -> None:
    jonas = newcomer("Jonas", PHONE_AND_DESK, locale="lt")
    jonas.go(f"{jonas.ports.issuer}/recover/change-email")
    jonas.fill(tax_id=JONAS.shown, password=NEW_PASSWORD, new_email=MOVED.email)
    jonas.press("#recover-submit")
    open_mail(jonas, MOVED, "/email/confirmation/")
    jonas.press("#email-confirm")
    sign_in(jonas, MOVED.email, NEW_PASSWORD)
    sign_out(jonas)
    open_mail(jonas, JONAS, "/email/undo/")
