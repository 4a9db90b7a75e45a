"""What people do with their accounts in any market, one function a step."""

from http import HTTPStatus

from demo.people import PASSWORD, Customer
from tests.journeys.person import Person
from tests.journeys.steps import open_mail

PHONE_AND_DESK = (360, 1280)  # CSS pixels
AGENCY_ADDRESS = {
    "postal_code": "13610-220",
    "city": "Leme",
    "district": "Centro",
    "street": "Rua Doutor Armando Sales",
    "number": "410",
}
NEW_PASSWORD = "Another horse without battery 7"


def begin_registration(person: Person, kind: str = "customer") -> None:
    """Open the form and learn what it wants."""
    person.go(f"{person.ports.issuer}/register?kind={kind}")
    person.press("#register-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    assert person.find("#error-summary a").count()


def choose_password(person: Person, password: str = PASSWORD) -> None:
    """Type it twice."""
    person.fill(password=password, password_confirmation=password)


def follow_activation(person: Person, customer: Customer) -> None:
    """Ask for the mail again, open the newest and look at its page, which has changed nothing."""
    person.go(f"{person.ports.issuer}/activation/resend")
    person.fill(email=customer.email)
    person.press("#resend-submit")
    open_mail(person, customer, "/activate/")


def sign_in(person: Person, identifier: str, password: str = PASSWORD) -> None:
    """From the sign-in page to the list of installations."""
    person.go(f"{person.ports.issuer}/login")
    person.fill(identifier=identifier, password=password)
    person.press("#sign-in-submit")
    assert person.page.url == f"{person.ports.issuer}/installations", person.text


def fail_to_sign_in(person: Person, identifier: str, password: str = "no such password") -> str:
    """Be refused at the sign-in page; returns what it says."""
    person.go(f"{person.ports.issuer}/login")
    person.fill(identifier=identifier, password=password)
    person.press("#sign-in-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    assert person.find("[name=identifier]").input_value() == identifier
    return person.find("#error-summary").inner_text()


def sign_out(person: Person) -> None:
    """By the button in the header, whatever the language."""
    with person.page.expect_navigation():
        person.find("header form button.link").click()
    person.look()


def set_new_password(person: Person, customer: Customer) -> None:
    """Follow the mail and choose another password."""
    open_mail(person, customer, "/reset/")
    person.press("#reset-submit", HTTPStatus.UNPROCESSABLE_ENTITY)
    choose_password(person, NEW_PASSWORD)
    person.press("#reset-submit")
