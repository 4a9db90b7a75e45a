"""How each market registers people: on one page or several, and what an agency becomes."""

from demo import people
from tests.screenshots.photographer import Photographer

AGENCY = {
    "trade_name": people.IMOVEIS.name,
    "responsible": "Lia Campos",
    "postal_code": "13610-220",
    "city": "Leme",
    "district": "Centro",
    "street": "Rua Doutor Armando Sales",
    "number": "410",
    "creci": "54321-J",
}
OWN_PASSWORD = people.LITHUANIA.password
IN_TWO_COUNTRIES = "987654322"  # a Portuguese NIF, and a Lithuanian company's code


def stranger(person: Photographer) -> None:
    """Somebody whose number exists in two countries, and who types too little else."""
    person.go("/register")
    person.fill(tax_id=IN_TWO_COUNTRIES)
    person.press("#register-submit", "register-country")


def grants(person: Photographer) -> None:
    """Where people register with a code from their bill and sign in with their address."""
    person.go("/login", "sign-in-br-grants")
    person.go("/register", "register-br-grants")


def agency(person: Photographer) -> None:
    """A real-estate agency registers, looks at what it is, and would be a customer again."""
    imoveis = people.IMOVEIS
    person.go("/register?kind=agency", "register-agency")
    person.press("#register-submit", "register-agency-errors")
    person.fill(tax_id=imoveis.shown, name=imoveis.name, email=imoveis.email)
    person.fill(password=people.PASSWORD, password_confirmation=people.PASSWORD)
    person.press("#register-submit", "register-agency-address")
    person.press("#register-submit", "register-agency-address-errors")
    person.fill(**AGENCY)
    person.page.select_option("[name=state]", "SP")
    person.press("#register-submit", "register-agency-statement")
    person.press("#register-submit", "register-agency-statement-errors")
    person.tick("accept_statement", "accept_terms")
    person.press("#register-submit")
    person.follow_mail(imoveis.email, "/activate/")
    person.press("#activate-submit")
    person.go("/login")
    person.fill(identifier=imoveis.shown, password=people.PASSWORD)
    person.press("#sign-in-submit", "installations-none")
    person.go("/account/kind", "kind-agency")
    person.go("/account/kind/agency", "kind-correct")
    person.go("/account/kind/customer", "kind-customer")


def reviewer(person: Photographer) -> None:
    """Signed in already, looks through the agencies."""
    person.go("/admin/agencies?state=refused", "staff-agencies-none")
    person.go("/admin/agencies", "staff-agencies")
    person.go(person.path_of("main table a"), "staff-agency")
    agency = person.page.url
    person.go(person.path_of("main a.button.danger"), "staff-agency-refusal")
    person.press("#agency-refuse", "staff-agency-refusal-errors")
    person.go(agency)
    person.press("#agency-confirm", "staff-agency-confirmed")


def business(person: Photographer) -> None:
    """A business registers; its person chooses the password after the e-mail."""
    ruta = people.RUTA
    person.go("/register", "register-lt-business")
    person.press("#register-submit", "register-lt-business-errors")
    person.fill(given_name="Rūta", family_name="Kazlauskienė", email=ruta.email)
    person.fill(tax_id=ruta.shown, contract_number="LT-2024-004417")
    person.tick("is_customer=yes", "accept_terms")
    person.press("#register-submit")
    person.follow_mail(ruta.email, "/activate/", "mail-activation-lt-business")
    person.shoot("activate-password")
    person.press("#activate-submit", "activate-password-errors")
    person.fill(password=OWN_PASSWORD, password_confirmation=OWN_PASSWORD)
    person.press("#activate-submit", "activated-lt-business")


def holder(person: Photographer) -> None:
    """A holder shows what only they know, and one with a passport says whose."""
    nuria = people.NURIA
    person.go("/register", "register-es-managers")
    person.press("#register-submit", "register-es-managers-errors")
    person.fill(tax_id=people.CLAIRE.tax_id, bank_digits="1234")
    person.press("#register-submit", "register-es-managers-passport")
    person.fill(tax_id=nuria.shown)
    person.press("#register-submit", "register-es-managers-contact")
    person.fill(name=nuria.name, email=nuria.email)
    person.press("#register-submit", "register-es-managers-password")
