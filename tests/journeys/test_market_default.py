"""`default`: every tax id of every country. Two newcomers, and all that one of them does with the
account until it is closed."""

import json
from dataclasses import replace
from http import HTTPStatus

import pytest

from demo.people import IMOVEIS, MARIA, PASSWORD, Customer
from demo.stack import Stack
from tests.journeys.accounts import (
    AGENCY_ADDRESS,
    PHONE_AND_DESK,
    begin_registration,
    choose_password,
    fail_to_sign_in,
    sign_in,
)
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.steps import open_mail

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

RITA = Customer(  # the number is a Lithuanian company's too
    "Rita Marques",
    "987654322",
    "987 654 322",
    "rita@example.com",
    "+351912345678",
    "pt:nif",
    "pt-BR",
)
MOVED = replace(RITA, email="rita.marques@example.net")


@pytest.fixture(scope="module")
def stack(default_stack: Stack) -> Stack:
    """The whole service under this profile."""
    return default_stack


def sign_in_from_portugal(rita: Person) -> None:
    """The number alone does not say who it is."""
    rita.go(f"{rita.ports.issuer}/login")
    rita.fill(identifier=RITA.shown, password=PASSWORD)
    rita.press("#sign-in-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    rita.page.check("[name=tax_id_country][value=pt]")
    rita.fill(password=PASSWORD)
    rita.press("#sign-in-submit")
    assert rita.page.url == f"{rita.ports.issuer}/installations", rita.text


def test_a_number_of_two_countries_is_asked_whose_it_is(newcomer: Newcomer) -> None:
    rita = newcomer("Rita", PHONE_AND_DESK, locale="pt-BR")
    begin_registration(rita)
    rita.fill(tax_id=RITA.shown, name=RITA.name, email=RITA.email)
    choose_password(rita)
    rita.tick("accept_terms")
    rita.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    rita.page.check("[name=tax_id_country][value=pt]")
    choose_password(rita)
    rita.press("#register-submit")
    open_mail(rita, RITA, "/activate/")
    rita.press("#activate-submit")
    sign_in_from_portugal(rita)


def test_an_agency_registers_and_is_known_as_one(newcomer: Newcomer) -> None:
    agency = newcomer("Imóveis Paineira", locale="fr")
    begin_registration(agency, "agency")
    agency.fill(tax_id=IMOVEIS.shown, name=IMOVEIS.name, email=IMOVEIS.email)
    choose_password(agency)
    agency.press("#register-submit")
    agency.fill(trade_name=IMOVEIS.name, responsible="Lia Campos", creci="54321-J")
    agency.fill(**AGENCY_ADDRESS)
    agency.find("[name=state]").select_option("SP")
    agency.press("#register-submit")
    agency.tick("accept_terms", "accept_statement")
    agency.press("#register-submit")
    open_mail(agency, IMOVEIS, "/activate/")
    agency.press("#activate-submit")
    sign_in(agency, IMOVEIS.email)
    agency.go(f"{agency.ports.issuer}/account/kind")
    assert agency.sees("54321-J")
    agency.go(f"{agency.ports.issuer}/account/kind/customer")
    agency.press("#kind-submit")
    assert not agency.sees("54321-J")


def test_phones_are_changed_and_all_data_taken_along(newcomer: Newcomer) -> None:
    rita = newcomer("Rita", PHONE_AND_DESK)
    sign_in_from_portugal(rita)
    rita.go(f"{rita.ports.issuer}/account/profile")
    rita.fill(mobile="12")
    rita.press("#phones-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    rita.fill(mobile=RITA.mobile)
    rita.press("#phones-submit")
    assert rita.sees("912")
    rita.go(f"{rita.ports.issuer}/account/data/export")
    rita.page.check("[name=format][value=json]")
    with rita.page.expect_download() as download:
        rita.find("#export-submit").click()
    text = download.value.path().read_text()
    json.loads(text)
    assert RITA.email in text
    assert MARIA.tax_id not in text


def test_an_address_is_changed_and_the_change_taken_back(newcomer: Newcomer) -> None:
    rita = newcomer("Rita", PHONE_AND_DESK)
    sign_in_from_portugal(rita)
    rita.go(f"{rita.ports.issuer}/account/email")
    rita.press("#email-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    rita.fill(new_email=MOVED.email)
    rita.press("#email-submit")
    open_mail(rita, MOVED, "/email/confirmation/")
    rita.press("#email-confirm")
    rita.go(f"{rita.ports.issuer}/account")
    assert rita.sees(MOVED.email)
    open_mail(rita, RITA, "/email/undo/")
    rita.press("#email-undo")
    choose_password(rita)
    rita.press("#reset-submit")
    fail_to_sign_in(rita, MOVED.email, PASSWORD)
    sign_in(rita, RITA.email)


def test_an_account_is_closed_for_good(newcomer: Newcomer) -> None:
    rita = newcomer("Rita", PHONE_AND_DESK)
    sign_in(rita, RITA.email)
    rita.go(f"{rita.ports.issuer}/account/data/closing")
    rita.press("#account-erase", HTTPStatus.UNPROCESSABLE_ENTITY)
    rita.tick("understood")
    rita.press("#account-erase")
    assert rita.sees("Your account is closed")
    said = fail_to_sign_in(rita, RITA.email, PASSWORD)
    assert said == fail_to_sign_in(rita, "nobody@example.com")
