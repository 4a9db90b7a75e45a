"""`br-grants`: people sign in with their e-mail address or their tax id, and come back by any two
of what they know (the concession's manual)."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from demo.people import MARIA, Customer
from idp.mail.addresses import hinted
from tests.journeys.accounts import (
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

AURORA = Customer(
    "Padaria Aurora Ltda.",
    "12ABC34501DE35",
    "12.ABC.345/01DE-35",
    "aurora@example.com",
    "+5519932165498",
    "br:cnpj",
)
MOVED = replace(AURORA, email="padaria@example.net")
CODE = "3001240001"


def test_a_customer_registers_with_the_code_of_an_installation(newcomer: Newcomer) -> None:
    aurora = newcomer("Aurora", PHONE_AND_DESK, locale="pt-BR")
    begin_registration(aurora)
    aurora.fill(tax_id=AURORA.shown, name=AURORA.name, email=AURORA.email, installation_code=CODE)
    choose_password(aurora)
    aurora.tick("accept_terms")
    aurora.press("#register-submit")
    fail_to_sign_in(aurora, AURORA.email)  # not yet
    follow_activation(aurora, AURORA)
    aurora.press("#activate-submit")
    sign_in(aurora, AURORA.email)
    assert aurora.sees(CODE)  # proven from the start
    sign_out(aurora)
    sign_in(aurora, AURORA.tax_id)


def test_people_sign_in_by_address_and_by_cpf(newcomer: Newcomer) -> None:
    maria = newcomer("Maria", PHONE_AND_DESK)
    wrong, unknown = (fail_to_sign_in(maria, each) for each in (MARIA.email, "nobody@example.com"))
    assert wrong == unknown
    for identifier in (MARIA.shown, MARIA.email):
        sign_in(maria, identifier)
        sign_out(maria)


def test_the_password_is_forgotten_and_the_address_known(newcomer: Newcomer) -> None:
    aurora = newcomer("Aurora", PHONE_AND_DESK, locale="pt-BR")
    aurora.go(f"{aurora.ports.issuer}/recover")
    aurora.press("#recover-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    aurora.fill(tax_id=AURORA.shown, email=AURORA.email)
    aurora.press("#recover-submit")
    set_new_password(aurora, AURORA)
    sign_in(aurora, AURORA.shown, NEW_PASSWORD)


def test_password_and_address_are_forgotten_and_a_bill_is_at_hand(newcomer: Newcomer) -> None:
    aurora = newcomer("Aurora", PHONE_AND_DESK)
    for code, is_told in (("3009999999", False), (CODE, True)):
        aurora.go(f"{aurora.ports.issuer}/recover/email-unknown")
        aurora.fill(tax_id=AURORA.shown, installation_code=code)
        aurora.press("#recover-submit")
        assert aurora.sees(hinted(AURORA.email)) is is_told
    open_mail(aurora, AURORA, "/reset/")


def test_the_old_address_takes_a_change_back(newcomer: Newcomer) -> None:
    aurora, thief = newcomer("Aurora"), newcomer("Thief", PHONE_AND_DESK, locale="pt-BR")
    thief.go(f"{thief.ports.issuer}/recover/change-email")
    thief.press("#recover-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    thief.fill(tax_id=AURORA.shown, password=NEW_PASSWORD, new_email=MOVED.email)
    thief.press("#recover-submit")
    open_mail(thief, MOVED, "/email/confirmation/")
    thief.press("#email-confirm")
    sign_in(thief, MOVED.email, NEW_PASSWORD)
    open_mail(aurora, AURORA, "/email/undo/")
    aurora.press("#email-undo")
    thief.go(f"{thief.ports.issuer}/installations")
    assert "/login" in thief.page.url  # signed out everywhere
    choose_password(aurora)
    aurora.press("#reset-submit")
    fail_to_sign_in(thief, MOVED.email, NEW_PASSWORD)
    sign_in(aurora, AURORA.email)
