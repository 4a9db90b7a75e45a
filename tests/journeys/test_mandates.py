"""A representative, proven by documents that staff read, and replaced; in Chromium."""

from http import HTTPStatus

import pytest
from playwright.sync_api import FilePayload

from demo.people import GLORIA, MARTA, REVIEWER, Customer
from demo.stack import Stack
from tests.factories.evidence import a_pdf, a_picture
from tests.journeys.conftest import Newcomer
from tests.journeys.person import Person
from tests.journeys.staff import sign_in_colleague
from tests.journeys.steps import sign_in_at_application, type_credentials

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

LUNA, LUNA_SHOWN, LUNA_NAME = "A58818501", "A-58818501", "Talleres Luna SA"
WORKSHOP = "ES0031400000000006FF"
DOCUMENTS: list[FilePayload] = [
    {"name": "escritura.pdf", "mimeType": "application/pdf", "buffer": a_pdf()},
    {"name": "dni.png", "mimeType": "image/png", "buffer": a_picture()},
]


def attach_and_send(person: Person) -> str:
    """From the page for the documents to the confirmation; the protocol number."""
    person.page.set_input_files("[name=documents]", DOCUMENTS)
    person.press("Continue")
    person.tick("truth")
    person.press("#mandate-send")
    assert person.sees("We have your request")
    return person.find(".reference").inner_text()


def approve(reviewer: Person, protocol: str, nominee: Customer) -> None:
    """Open a document, type what it says, compare, approve."""
    reviewer.go(f"{reviewer.ports.issuer}/admin/mandates")
    reviewer.follow(protocol)
    assert not reviewer.sees(nominee.name)
    with reviewer.page.expect_download() as download:
        reviewer.page.get_by_role("button", name="Download document 1").click()
    assert download.value.suggested_filename.endswith(".pdf")
    reviewer.follow("Type what I read")
    reviewer.fill(
        company_tax_id=LUNA,
        company_name=LUNA_NAME.upper(),
        nominee_name=nominee.name,
        nominee_tax_id=nominee.shown,
    )
    reviewer.press("#mandate-compare")
    assert not reviewer.sees("Different")
    reviewer.tick("identity_seen")
    reviewer.press("#mandate-approve")
    assert reviewer.sees("Approved")


def test_a_representative_is_approved_and_then_replaced(
    managers_newcomer: Newcomer, managers_stack: Stack
) -> None:
    gloria, renata = managers_newcomer("Gloria"), managers_newcomer("Renata")
    sign_in_at_application(gloria, GLORIA)
    assert not gloria.sees(WORKSHOP)
    gloria.go(f"{gloria.ports.issuer}/account")
    gloria.follow("Companies you represent")
    gloria.follow("I represent a company")
    gloria.fill(company_tax_id=LUNA_SHOWN, company_name=LUNA_NAME)
    gloria.press("Continue")
    protocol = attach_and_send(gloria)

    sign_in_colleague(renata, REVIEWER, managers_stack)
    approve(renata, protocol, GLORIA)
    gloria.go(f"{gloria.ports.issuer}/installations")
    assert gloria.sees(WORKSHOP)
    installation = gloria.find("main .cards a").first.get_attribute("href")

    protocol = replace(gloria)
    gloria.go(f"{gloria.ports.issuer}{installation}")
    approve(renata, protocol, MARTA)
    gloria.go(f"{gloria.ports.issuer}{installation}", HTTPStatus.NOT_FOUND)

    marta = managers_newcomer("Marta")
    marta.go(f"{marta.ports.issuer}/login")
    type_credentials(marta, MARTA)
    marta.go(f"{marta.ports.issuer}/installations?q={WORKSHOP}")
    assert marta.sees(WORKSHOP)


def replace(former: Person) -> str:
    """Whoever represents Luna leaves the place to Marta; the protocol number of the request."""
    former.go(f"{former.ports.issuer}/grants?side=received")
    grant = former.find("main .cards a[href*='/grants/g_']").first.get_attribute("href") or ""
    former.go(f"{former.ports.issuer}/account/contacts/{grant.rpartition('/')[2]}/replacement")
    assert former.sees("loses access")
    former.fill(nominee_name=MARTA.name, nominee_tax_id=MARTA.shown, nominee_email=MARTA.email)
    former.press("Continue")
    return attach_and_send(former)
