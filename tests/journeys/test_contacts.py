"""Authorised contacts; an external manager and their collaborator; in Chromium."""

from http import HTTPStatus

import pytest

from demo.people import COMUNIDAD_SOL, GLORIA, IVAN, MARTA, REVIEWER, Customer
from demo.stack import Stack
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.staff import sign_in_colleague
from tests.journeys.steps import (
    accept,
    open_mail,
    register,
    sign_in_at_application,
    type_credentials,
)
from tests.journeys.test_mandates import attach_and_send

# They share what a file starts, so they run one after the other (`tests.scheduling`).
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

STAIRS = "ES0031400000000001AA"
LAIA = Customer(
    "Laia Puig", "11111111H", "11111111H", "laia@example.com", "+34600777888", "es:nif", "es"
)


def sign_in(person: Person, customer: Customer) -> None:
    """At the provider itself."""
    person.go(f"{person.ports.issuer}/login")
    type_credentials(person, customer)


def open_contacts(marta: Person) -> None:
    """The contacts of the company, from the account page."""
    marta.go(f"{marta.ports.issuer}/account")
    marta.follow("Authorised contacts")
    marta.follow(COMUNIDAD_SOL.name)


def name_person(person: Person, customer: Customer) -> None:
    """The page that asks who it is."""
    person.fill(guest_name=customer.name, guest_tax_id=customer.shown, guest_email=customer.email)
    person.press("Continue")


def send_invitation(person: Person) -> None:
    """The check page."""
    person.tick("accept_permission_terms")
    person.press("#invitation-send")
    assert person.sees("Invitation sent")


def test_a_contact_is_added_changed_and_deactivated(managers_newcomer: Newcomer) -> None:
    marta, laia = managers_newcomer("Marta"), managers_newcomer("Laia")
    sign_in(marta, MARTA)
    open_contacts(marta)
    marta.follow("Add a contact")
    marta.page.check("[name=role][value=full]")
    marta.press("Continue")
    name_person(marta, LAIA)
    send_invitation(marta)

    open_mail(laia, LAIA, "/invitations/")
    register(laia, LAIA)
    accept(laia)
    laia.go(f"{laia.ports.issuer}/installations")
    assert laia.sees(STAIRS)

    open_contacts(marta)
    assert marta.sees("Full: sees and makes changes")
    marta.follow(LAIA.name)
    marta.follow("Change Allowed")
    marta.page.check("[name=level][value=read_only]")
    marta.press("#grant-level")
    assert marta.sees("From now on: See only · You")
    marta.follow("Take this access back")
    marta.press("#grant-revoke")
    assert marta.sees("This access has ended")
    laia.go(f"{laia.ports.issuer}/installations")
    assert not laia.sees(STAIRS)


def appoint(marta: Person, gloria: Person, renata: Person, stack: Stack) -> None:
    """Marta names Gloria the company's manager, staff approve, Gloria accepts."""
    sign_in(marta, MARTA)
    open_contacts(marta)
    marta.follow("Add a contact")
    marta.page.check("[name=role][value=manager]")
    marta.page.get_by_label(COMUNIDAD_SOL.name).check()
    marta.press("Continue")
    marta.page.get_by_label(COMUNIDAD_SOL.name).check()
    marta.fill(nominee_name=GLORIA.name, nominee_tax_id=GLORIA.shown, nominee_email=GLORIA.email)
    marta.page.check("[name=level][value=full]")
    marta.press("Continue")
    protocol = attach_and_send(marta)

    sign_in_colleague(renata, REVIEWER, stack)
    renata.go(f"{renata.ports.issuer}/admin/mandates")
    renata.follow(protocol)
    with renata.page.expect_download():
        renata.page.get_by_role("button", name="Download document 1").click()
    renata.follow("Type what I read")
    renata.fill(
        company_tax_id=COMUNIDAD_SOL.tax_id.rpartition(":")[2],
        company_name=COMUNIDAD_SOL.name,
        nominee_name=GLORIA.name,
        nominee_tax_id=GLORIA.shown,
    )
    renata.page.check("[name=level][value=full]")
    renata.press("#mandate-compare")
    renata.press("#mandate-approve")
    open_mail(gloria, GLORIA, "/invitations/")
    gloria.follow("Sign in")
    type_credentials(gloria, GLORIA)
    accept(gloria)


def test_a_manager_adds_a_collaborator_who_is_denied_when_the_manager_is_revoked(
    managers_newcomer: Newcomer, managers_stack: Stack
) -> None:
    marta, gloria, ivan, renata = (
        managers_newcomer(name) for name in ("Marta", "Gloria", "Iván", "Renata")
    )
    appoint(marta, gloria, renata, managers_stack)

    gloria.go(f"{gloria.ports.issuer}/account")
    gloria.follow("My collaborators")
    gloria.follow("Add a collaborator")
    name_person(gloria, IVAN)
    gloria.page.check("[name=level][value=read_only]")
    gloria.page.check("[name=extent][value=everything]")
    gloria.press("Continue")
    send_invitation(gloria)

    open_mail(ivan, IVAN, "/invitations/")
    register(ivan, IVAN)
    accept(ivan)
    sign_in_at_application(ivan, IVAN)
    assert ivan.sees("as collaborator")
    ivan.follow(f"Installation {STAIRS}")
    assert ivan.sees("The latest bills")

    open_contacts(marta)
    marta.follow(GLORIA.name)
    assert marta.sees(IVAN.name)
    marta.follow("Take this access back")
    assert marta.sees("1 person who acts through")
    marta.press("#grant-revoke")
    ivan.go(f"{ivan.ports.application}/bills/{STAIRS}", HTTPStatus.FORBIDDEN)
    assert ivan.sees("Your access has ended")
    gloria.go(f"{gloria.ports.issuer}/account/collaborators?standing=past")
    assert gloria.sees(IVAN.name)
