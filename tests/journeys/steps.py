"""What people do in a journey, one function a step."""

import re
import time

from demo.people import PASSWORD, Customer
from tests.journeys.person import Person

MAIL_SECONDS = 60  # long, for a machine that runs other tests too
PAGES = 5  # more than any market's form has


def sign_in_at_application(person: Person, customer: Customer, on_behalf_of: str = "") -> None:
    """From the example application's first page to the person's installations there; who may act
    for several holders says for whom (a name)."""
    person.go(person.ports.application)
    person.follow("Sign in with Outorga")
    if person.find("#sign-in-submit").count():
        type_credentials(person, customer)
    if on_behalf_of:
        choose_holder(person, on_behalf_of)
    if person.find("#consent-allow").count():  # asked once
        assert person.sees("May Segunda via see this?")
        person.press("#consent-allow")
    assert person.page.url == f"{person.ports.application}/bills", person.text


def choose_holder(person: Person, name: str) -> None:
    """Say on whose behalf the example application is to act."""
    assert person.sees("On whose behalf?"), person.text
    person.page.get_by_label(name).check()
    person.press("#holder-choose")


def type_credentials(person: Person, customer: Customer, password: str = PASSWORD) -> None:
    """Fill in the sign-in page, as people write their tax id."""
    person.fill(identifier=customer.shown, password=password)
    person.press("#sign-in-submit")


def invite(
    person: Person,
    guest: Customer,
    installation: str = "",
    *,
    choice: str = "chosen",
    level: str = "read_only",
) -> None:
    """Through the wizard to the invitation sent: for one installation (a code), or with another
    `choice` for all of `today` or `everything`."""
    person.follow("Give somebody access")
    person.tick("aware")
    person.press("Continue")
    person.page.check(f"[name=choice][value={choice}]")
    person.press("Continue")
    if choice == "chosen":
        person.page.get_by_label(installation).check()
        person.press("Continue")
    person.fill(guest_name=guest.name, guest_tax_id=guest.shown, guest_email=guest.email)
    person.page.check(f"[name=level][value={level}]")
    person.press("Continue")
    person.tick("accept_permission_terms")
    person.press("#invitation-send")


def open_mail(person: Person, recipient: Customer, link: str) -> None:
    """Find the newest mail to `recipient` with a link whose path begins so, and follow it."""
    address = re.compile(re.escape(f"{person.ports.issuer}{link}") + r"[\w.-]+")
    deadline = time.monotonic() + MAIL_SECONDS
    while True:
        person.go(f"{person.ports.inbox}?to={recipient.email}")
        for subject in person.find("td a").all()[:3]:
            name = subject.inner_text()
            person.follow(name)
            found = person.find("main a").filter(has_text=address)
            if found.count():
                person.follow(found.first.inner_text())
                return
            person.follow("Demo inbox")
        assert time.monotonic() < deadline, f"no mail to {recipient.email} with {link}"
        time.sleep(0.2)


def register(person: Person, customer: Customer) -> None:
    """From the invitation's page to an active account, back at the invitation, signed in."""
    person.follow("I have no account")
    typed = {"tax_id": customer.shown, "name": customer.name, "email": customer.email}
    for _page in range(PAGES):
        person.fill(**{name: typed[name] for name in typed if person.asks(name)})
        if person.asks("password"):
            person.fill(password=PASSWORD, password_confirmation=PASSWORD)
        if person.asks("accept_terms"):
            person.tick("accept_terms")
        person.press("#register-submit")
        if not person.find("#register-submit").count():
            break
    open_mail(person, customer, "/activate/")
    person.press("#activate-submit")
    person.follow("Sign in")
    type_credentials(person, customer)


def accept(person: Person) -> None:
    """Accept the invitation that is on the page."""
    person.tick("accept_permission_terms", "accept_platform_terms")
    person.press("#invitation-accept")
