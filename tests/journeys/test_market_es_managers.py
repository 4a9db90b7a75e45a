"""`es-managers`: people register by bank digits or a bill, in four steps, and sign in as persons,
never as a company (the customer area's own words)."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from demo.people import CLAIRE, MARTA, NURIA
from tests.journeys.accounts import (
    NEW_PASSWORD,
    PHONE_AND_DESK,
    begin_registration,
    choose_password,
    fail_to_sign_in,
    set_new_password,
    sign_in,
)
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.steps import open_mail

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

MOVED = replace(NURIA, email="nuria@example.net")


def finish_registration(person: Person, name: str, email: str) -> None:
    """Contact data, then the password."""
    person.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    person.fill(name=name, email=email)
    person.press("#register-submit")
    person.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    choose_password(person)
    person.tick("accept_terms")
    person.press("#register-submit")


def test_bank_digits_show_who_is_the_holder(managers_newcomer: Newcomer) -> None:
    nuria = managers_newcomer("Núria", PHONE_AND_DESK, locale="ca")
    begin_registration(nuria)
    nuria.fill(tax_id="12345679-s")
    nuria.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)  # digits or a bill
    nuria.fill(bank_digits="4321")
    nuria.press("#register-submit")
    nuria.go(str(nuria.page.evaluate("document.querySelector('.back').href")))
    assert nuria.find("[name=tax_id]").input_value() == "12345679-s"
    nuria.press("#register-submit")
    finish_registration(nuria, NURIA.name, NURIA.email)
    open_mail(nuria, NURIA, "/activate/")
    nuria.press("#activate-submit")
    sign_in(nuria, NURIA.shown)
    assert nuria.sees("ES0031400000000007GG")


def test_a_passport_and_the_total_of_a_bill_do_as_well(managers_newcomer: Newcomer) -> None:
    claire = managers_newcomer("Claire", PHONE_AND_DESK)
    begin_registration(claire)
    claire.fill(tax_id=CLAIRE.tax_id, invoice_total="48,75 €")
    claire.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)  # of which country?
    claire.find("[name=tax_id_country]").first.select_option("fr")
    claire.press("#register-submit")
    finish_registration(claire, CLAIRE.name, CLAIRE.email)
    open_mail(claire, CLAIRE, "/activate/")
    claire.press("#activate-submit")
    claire.go(f"{claire.ports.issuer}/login")
    claire.fill(identifier=CLAIRE.tax_id, password="correct horse battery staple")
    claire.press("#sign-in-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    claire.find("[name=tax_id_country]").first.select_option("fr")
    claire.fill(password="correct horse battery staple")
    claire.press("#sign-in-submit")
    assert claire.sees("ES0031400000000008HH")


def test_companies_and_addresses_are_refused_with_the_reason(managers_newcomer: Newcomer) -> None:
    somebody = managers_newcomer("Somebody", PHONE_AND_DESK)
    malformed = fail_to_sign_in(somebody, "02356126X")  # the hint of the original page
    company = fail_to_sign_in(somebody, "B58378431")
    address = fail_to_sign_in(somebody, "gestoria@example.com")
    wrong = fail_to_sign_in(somebody, MARTA.shown)
    assert len({malformed, company, wrong}) == 3
    assert "represents" in company
    assert "personal" in address
    assert wrong == fail_to_sign_in(somebody, "11111111H")


def test_recovery_by_address_and_by_bank_digits(managers_newcomer: Newcomer) -> None:
    nuria = managers_newcomer("Núria", PHONE_AND_DESK, locale="es")
    nuria.go(f"{nuria.ports.issuer}/recover/email-unknown")
    nuria.fill(tax_id=NURIA.shown, bank_digits="4321")
    nuria.press("#recover-submit")
    assert nuria.sees("n•••@e•••.com")
    nuria.go(f"{nuria.ports.issuer}/recover")
    nuria.fill(tax_id=NURIA.shown, email=NURIA.email)
    nuria.press("#recover-submit")
    set_new_password(nuria, NURIA)
    sign_in(nuria, NURIA.shown, NEW_PASSWORD)


def test_a_lost_address_is_replaced_by_whoever_knows_the_password(
    managers_newcomer: Newcomer,
) -> None:
    nuria = managers_newcomer("Núria", PHONE_AND_DESK, locale="ca")
    nuria.go(f"{nuria.ports.issuer}/recover/change-email")
    nuria.fill(tax_id=NURIA.shown, password=NEW_PASSWORD, new_email=MOVED.email)
    nuria.press("#recover-submit")
    open_mail(nuria, MOVED, "/email/confirmation/")
    nuria.press("#email-confirm")
    sign_in(nuria, NURIA.shown, NEW_PASSWORD)
