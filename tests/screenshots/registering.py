"""How each market registers people: on one page or several, and what an agency becomes."""

from demo import people
from tests.screenshots.photographer import Photographer

AGENCY = {
    "trade_name": "Lar Imóveis Ltda.",
    "responsible": "Carla Prado",
    "postal_code": "01310-100",
    "city": "São Paulo",
    "district": "Bela Vista",
    "street": "Avenida Paulista",
    "number": "1000",
    "creci": "12345-J",
}
CARLA, OWNER = "carla@example.com", "123.456.789-09"
OWN_PASSWORD = "Penki Arkliai 7 stoties"  # noqa: S105 - of a picture


def agency(person: Photographer) -> None:
    """A real-estate agency registers, looks at what it is, and would be a customer again."""
    person.go("/register", "register-portal")
    person.go("/register?kind=agency", "register-agency")
    person.press("#register-submit", "register-agency-errors")
    person.fill(tax_id=OWNER, name="Carla Prado", email=CARLA)
    person.fill(password=people.PASSWORD, password_confirmation=people.PASSWORD)
    person.press("#register-submit", "register-agency-address")
    person.press("#register-submit", "register-agency-address-errors")
    person.fill(**AGENCY)
    person.page.select_option("[name=state]", "SP")
    person.press("#register-submit", "register-agency-statement")
    person.press("#register-submit", "register-agency-statement-errors")
    person.tick("accept_statement", "accept_terms")
    person.press("#register-submit")
    person.follow_mail(CARLA, "/activate/")
    person.press("#activate-submit")
    person.go("/login")
    person.fill(identifier=OWNER, password=people.PASSWORD)
    person.press("#sign-in-submit", "installations-none")
    person.go("/account/kind", "kind-agency")
    person.go("/account/kind/agency", "kind-correct")
    person.go("/account/kind/customer", "kind-customer")
    person.press("#kind-submit", "kind")


def business(person: Photographer) -> None:
    """A business registers; its person chooses the password after the e-mail."""
    person.go("/register", "register-business")
    person.press("#register-submit", "register-business-errors")
    person.fill(given_name="Ona", family_name="Kazlauskienė", email="ona@example.lt")
    person.fill(tax_id="110000003", contract_number="LT-100200")
    person.tick("is_customer=yes", "accept_terms")
    person.press("#register-submit")
    person.follow_mail("ona@example.lt", "/activate/")
    person.shoot("activate-password")
    person.press("#activate-submit", "activate-password-errors")
    person.fill(password=OWN_PASSWORD, password_confirmation=OWN_PASSWORD)
    person.press("#activate-submit", "activated-business")


def holder(person: Photographer) -> None:
    """A holder shows what only they know, and one with a passport says whose."""
    person.go("/register", "register-proof")
    person.press("#register-submit", "register-proof-errors")
    person.fill(tax_id="C01X00T47", bank_digits="1234")
    person.press("#register-submit", "register-passport")
    person.fill(tax_id="12345678Z")
    person.press("#register-submit", "register-contact")
    person.fill(name="Marta Vidal", email="marta.vidal@example.es")
    person.press("#register-submit", "register-password")


def agencies(person: Photographer) -> None:
    """A reviewer, signed in already, looks through the agencies."""
    person.go("/admin/agencies", "staff-agencies")
    person.go("/admin/agencies?state=confirmed", "staff-agencies-none")
