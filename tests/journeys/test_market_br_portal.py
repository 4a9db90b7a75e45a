"""`br-portal`: customers and agencies register, sign in with CPF or CNPJ, and come back by two of
three (Elektro's manual)."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from demo.people import ANA, IMOVEIS, MARIA, PAULO
from demo.stack import Stack
from idp.mail.addresses import hinted
from tests.journeys.accounts import (
    AGENCY_ADDRESS,
    NEW_PASSWORD,
    PHONE_AND_DESK,
    begin_registration,
    choose_password,
    fail_to_sign_in,
    follow_activation,
    set_new_password,
    sign_in,
    sign_out,
)
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import open_mail

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

MOVED = replace(ANA, email="ana.prado@example.net")


@pytest.fixture(scope="module")
def stack(portal_stack: Stack) -> Stack:
    """The whole service under this profile."""
    return portal_stack


def test_a_customer_registers_activates_and_signs_in(newcomer: Newcomer) -> None:
    paulo = newcomer("Paulo", PHONE_AND_DESK)
    begin_registration(paulo)
    paulo.fill(tax_id=PAULO.shown, name=PAULO.name, email=PAULO.email, mobile="19 98765-1234")
    choose_password(paulo)
    paulo.tick("accept_terms")
    paulo.press("#register-submit")
    fail_to_sign_in(paulo, PAULO.shown)  # not yet
    follow_activation(paulo, PAULO)
    paulo.press("#activate-submit")
    sign_in(paulo, PAULO.tax_id)  # without punctuation
    assert not paulo.sees("3001250001")  # nothing is proven yet
    paulo.go(f"{paulo.ports.issuer}/account/proof")
    paulo.fill(installation_code="3001250001")
    paulo.press("#prove-submit")
    paulo.go(f"{paulo.ports.issuer}/installations")
    assert paulo.sees("3001250001")
    sign_out(paulo)


def test_an_agency_registers_and_reads_the_statement(newcomer: Newcomer) -> None:
    agency = newcomer("Imóveis Paineira", PHONE_AND_DESK)
    begin_registration(agency, "agency")
    agency.fill(tax_id=IMOVEIS.shown, name=IMOVEIS.name, email=IMOVEIS.email)
    choose_password(agency)
    agency.press("#register-submit")
    agency.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    agency.fill(
        trade_name=IMOVEIS.name, responsible="Lia Campos", creci="54321-J", **AGENCY_ADDRESS
    )
    agency.find("[name=state]").select_option("SP")
    agency.press("#register-submit")
    assert agency.find(".statement").count()
    agency.follow("Back")
    assert agency.find("[name=creci]").input_value() == "54321-J"
    agency.press("#register-submit")
    agency.tick("accept_terms", "accept_statement")
    agency.press("#register-submit")
    open_mail(agency, IMOVEIS, "/activate/")
    agency.press("#activate-submit")
    sign_in(agency, IMOVEIS.shown)
    agency.go(f"{agency.ports.issuer}/account/kind")
    assert agency.sees("54321-J")


def test_what_is_wrong_at_sign_in_is_told_without_telling_who_is_known(newcomer: Newcomer) -> None:
    somebody = newcomer("Somebody", PHONE_AND_DESK)
    wrong, unknown = (fail_to_sign_in(somebody, each) for each in (MARIA.shown, "444.555.666-19"))
    assert wrong == unknown
    assert fail_to_sign_in(somebody, "123.456.789-10") != unknown  # the manual's own screenshot


def test_the_password_is_forgotten_and_the_address_known(newcomer: Newcomer) -> None:
    maria = newcomer("Maria", PHONE_AND_DESK)
    maria.go(f"{maria.ports.issuer}/login")
    maria.follow("I forgot my password")
    maria.press("#recover-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    maria.fill(tax_id=MARIA.shown, email=MARIA.email)
    maria.press("#recover-submit")
    set_new_password(maria, MARIA)
    fail_to_sign_in(maria, MARIA.shown, "correct horse battery staple")
    sign_in(maria, MARIA.shown, NEW_PASSWORD)


def test_password_and_address_are_forgotten_and_a_bill_is_at_hand(newcomer: Newcomer) -> None:
    ana = newcomer("Ana", PHONE_AND_DESK)
    ana.go(f"{ana.ports.issuer}/recover/email-unknown")
    ana.press("#recover-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    ana.fill(tax_id=ANA.shown, installation_code="3009999999")
    ana.press("#recover-submit")
    assert hinted(ANA.email) not in ana.text
    ana.go(f"{ana.ports.issuer}/recover/email-unknown")
    ana.fill(tax_id=ANA.shown, installation_code="3002000001")
    ana.press("#recover-submit")
    assert hinted(ANA.email) in ana.text, ana.text
    set_new_password(ana, ANA)
    sign_in(ana, ANA.shown, NEW_PASSWORD)


def test_the_password_is_known_and_the_address_lost(newcomer: Newcomer) -> None:
    ana = newcomer("Ana", PHONE_AND_DESK)
    ana.go(f"{ana.ports.issuer}/recover/change-email")
    ana.press("#recover-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    ana.fill(tax_id=ANA.shown, password=NEW_PASSWORD, new_email=MOVED.email)
    ana.press("#recover-submit")
    open_mail(ana, MOVED, "/email/confirmation/")
    ana.press("#email-confirm")
    open_mail(ana, ANA, "/email/undo/")  # the old address can take it back
    sign_in(ana, ANA.shown, NEW_PASSWORD)


def test_less_than_two_of_three_leads_to_people_who_help(newcomer: Newcomer) -> None:
    somebody = newcomer("Somebody", PHONE_AND_DESK)
    somebody.go(f"{somebody.ports.issuer}/recover")
    somebody.follow("I know less than two")
    assert somebody.find("main a[href^='mailto:'], main").filter(has_text="@").count()
