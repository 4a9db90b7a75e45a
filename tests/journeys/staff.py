"""What members of staff do at the console, one function a step."""

import time

import pyotp

from demo import people
from demo.people import Customer
from demo.stack import Stack
from idp.totp import STEP_SECONDS
from tests.factories.admin import PASSWORD, SECRET
from tests.journeys.person import Person

_typed: dict[tuple[str, str], int] = {}  # the last step whose code was typed, by address and secret


def sign_in_staff(
    person: Person, email: str, password: str = PASSWORD, secret: str = SECRET
) -> None:
    """With password and code, as a member whom a factory made unless said otherwise."""
    person.go(f"{person.ports.issuer}/admin")
    person.fill(email=email, password=password)
    person.press("#sign-in-submit")
    person.fill(code=_unused_code(email, secret))
    person.press("#factor-submit")


def sign_in_colleague(person: Person, member: people.Member, stack: Stack) -> None:
    """As a member whom the demo brings along."""
    sign_in_staff(person, member.email, people.PASSWORD, stack.secrets[member.totp])


def _unused_code(email: str, secret: str) -> str:
    """The code of now, or of the next step if that one has been typed: each works once, and a
    service is shared by several journeys."""
    step = max(_step_now(), _typed.get((email, secret), 0) + 1)
    while step > _step_now() + 1:
        time.sleep(1)
    _typed[email, secret] = step
    return pyotp.TOTP(secret).generate_otp(step)


def _step_now() -> int:
    return int(time.time()) // STEP_SECONDS


def find_account(person: Person, customer: Customer) -> None:
    """By the tax id that somebody says on the telephone."""
    person.go(f"{person.ports.issuer}/admin")
    person.fill(term=customer.shown)
    person.press("Search")
    person.follow(customer.name)
