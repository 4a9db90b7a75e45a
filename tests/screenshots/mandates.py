"""Through the pages of representatives and managers, and of those who review their documents."""

from playwright.sync_api import FilePayload

from demo import people
from tests.factories.evidence import a_pdf
from tests.screenshots.photographer import Photographer
from tests.screenshots.walks import sign_in, sign_in_staff

COMPANY = {"company_tax_id": "11.222.333/0001-81", "company_name": "Acme Indústria Ltda"}
DOCUMENT: FilePayload = {
    "name": "contrato social.pdf",
    "mimeType": "application/pdf",
    "buffer": a_pdf(),
}


def applicant(person: Photographer) -> None:
    """Ana represents a company, and names a manager for herself."""
    sign_in(person, people.ANA)
    person.go("/account/requests", "requests-empty")
    person.go("/account/companies/new", "company")
    person.press(name="company-errors")
    person.fill(**COMPANY)
    person.press(name="mandate-documents")
    person.page.set_input_files("[name=documents]", [DOCUMENT])
    person.press(name="mandate-check")
    person.tick("truth")
    person.press("#mandate-send", "mandate-sent")
    person.go("/account/contacts/representatives/new", "representative-nobody")
    person.go("/account/contacts/managers/new", "manager")
    joao = people.JOAO
    person.fill(nominee_name=joao.name, nominee_tax_id=joao.shown, nominee_email=joao.email)
    person.tick("level=read_only")
    person.press()
    person.go("/account/requests", "requests")
    person.go(person.path_of("main .cards li:last-child a"), "request")
    person.go(person.path_of("main a[href$=withdrawal]"), "request-withdraw")


def reviewer(person: Photographer, secret: str) -> None:
    """The queue, a case for a caller, and Ana's request."""
    person.go("/admin/")
    sign_in_staff(person, people.REVIEWER, secret)
    person.go("/admin/mandates/new", "staff-case")
    person.press("#mandate-open", "staff-case-errors")
    person.go("/admin/mandates", "staff-requests")
    person.go(person.path_of("main table a"), "staff-request")
    person.go(person.path_of("main a[href$=reading]"), "staff-request-reading")
    ana = people.ANA
    person.fill(**COMPANY, nominee_name="Ana P. Prado", nominee_tax_id=ana.shown)
    person.press("#mandate-compare", "staff-request-comparison")
    person.go(person.path_of("main a.button.danger"), "staff-request-refusal")
    person.tick("refusal=no_powers")
    person.fill(text="O contrato social não cita você como administradora.")
    person.press("#mandate-refuse", "staff-request-refused")
