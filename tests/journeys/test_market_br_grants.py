"""`br-grants`: people sign in with their e-mail address or their tax id, and come back by any two
of what they know (the concession's manual)."""

from dataclasses import replace
from http import HTTPStatus

import pytest

from demo.people import MARIA, Customer
from demo.stack import Stack
from idp.admin.models import Role
from idp.mail.addresses import hinted
from tests.factories.admin import a_member
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
from tests.journeys.inside import a_day_passes, an_account_of, inside
from tests.journeys.person import Person
from tests.journeys.staff import find_account, sign_in_staff
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
LIGIA = Customer(
    "Lígia Moura", "97531975351", "975.319.753-51", "ligia@example.com", "+5511977778888"
)
OTTO = Customer("Otto Braga", "31415926590", "314.159.265-90", "otto@example.com", "+5511999990000")
LIGIA_NOW = replace(LIGIA, email="ligia.moura@example.net")
NOT_OTTO = replace(OTTO, email="otto.braga@example.net")
SILVIA = "silvia.addresses@example.com"


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


def correct_address(support: Person, customer: Customer) -> None:
    """Somebody called, seemed to be `customer`, and named this address."""
    find_account(support, customer)
    support.follow("Correct the e-mail")
    support.press("#account-email", HTTPStatus.UNPROCESSABLE_ENTITY)
    support.fill(
        new_email=customer.email,
        caller_name=customer.name,
        caller_phone=customer.mobile,
        checked="Called back on the number on record",
        reason="The old mailbox is closed, protocol 4713",
    )
    support.press("#account-email")
    assert support.sees(f"is going to be {customer.email}")


def object_to_it(otto: Person) -> None:
    """It was somebody else who called: stop it, and choose a new password."""
    open_mail(otto, OTTO, "/email/undo/")
    otto.press("#email-undo")
    choose_password(otto)
    otto.press("#reset-submit")
    sign_in(otto, OTTO.email)


def come_back(ligia: Person) -> None:
    """By the corrected address, with another password."""
    open_mail(ligia, LIGIA_NOW, "/email/confirmation/")
    ligia.press("#email-confirm")
    ligia.follow("Choose a new password")
    ligia.fill(tax_id=LIGIA.shown, email=LIGIA_NOW.email)
    ligia.press("#recover-submit")
    set_new_password(ligia, LIGIA_NOW)
    sign_in(ligia, LIGIA_NOW.email, NEW_PASSWORD)


def test_less_than_two_of_three_takes_staff_a_day_and_no_objection(
    newcomer: Newcomer, stack: Stack
) -> None:
    with inside(stack):
        an_account_of(LIGIA)
        an_account_of(OTTO)
        a_member(Role.SUPPORT, SILVIA, "Sílvia Campos")
    ligia, otto = newcomer("Lígia", PHONE_AND_DESK), newcomer("Otto", PHONE_AND_DESK)
    thief, silvia = newcomer("Thief", PHONE_AND_DESK), newcomer("Sílvia", PHONE_AND_DESK)
    ligia.go(f"{ligia.ports.issuer}/recover/email-unknown")
    ligia.follow("I know less than two of these")
    assert ligia.sees("Our staff ask who you are")
    sign_in_staff(silvia, SILVIA)
    correct_address(silvia, LIGIA_NOW)
    correct_address(silvia, NOT_OTTO)
    open_mail(thief, NOT_OTTO, "/email/confirmation/")
    assert thief.sees("A little patience")
    too_early = thief.page.url
    object_to_it(otto)
    a_day_passes(stack)
    come_back(ligia)
    thief.go(too_early, HTTPStatus.GONE)
    otto.go(f"{otto.ports.issuer}/account")
    assert otto.sees(OTTO.email)
