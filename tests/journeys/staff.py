"""What members of staff do at the console, one function a step."""

from demo.people import Customer
from tests.factories.admin import PASSWORD, a_code
from tests.journeys.person import Person


def sign_in_staff(person: Person, email: str) -> None:
    """With password and code, as a member whom a factory made."""
    person.go(f"{person.ports.issuer}/admin")
    person.fill(email=email, password=PASSWORD)
    person.press("#sign-in-submit")
    person.fill(code=a_code())
    person.press("#factor-submit")


def find_account(person: Person, customer: Customer) -> None:
    """By the tax id that somebody says on the telephone."""
    person.go(f"{person.ports.issuer}/admin")
    person.fill(term=customer.shown)
    person.press("Search")
    person.follow(customer.name)
