"""The doors: what each market asks for at sign-in and recovery, and what it says to those who can't
get in."""

from tests.screenshots.photographer import Photographer


def wrong(person: Photographer, identifier: str, name: str) -> None:
    """Somebody who can't get in like that."""
    person.go("/login")
    person.fill(identifier=identifier, password="não é esta")
    person.press("#sign-in-submit", name)


def strangers(person: Photographer) -> None:
    """Anywhere: what has no format, and what nobody has."""
    wrong(person, "12345", "sign-in-malformed")
    wrong(person, "ninguem@example.com", "sign-in-failed")


def portal(person: Photographer) -> None:
    """Where CPF and CNPJ open, and nothing else."""
    person.go("/login", "sign-in-br-portal")
    wrong(person, "123.456.789-10", "sign-in-br-portal-malformed")
    person.go("/register", "register-br-portal")
    person.go("/recover/email-unknown", "email-unknown-br-portal")


def managers(person: Photographer) -> None:
    """Where a company's tax id and addresses no longer open anything."""
    person.go("/login", "sign-in-es-managers")
    wrong(person, "B58378431", "sign-in-company-refused")
    wrong(person, "gestor@example.com", "sign-in-email-refused")
    person.go("/help/representatives", "sign-in-representatives")
    person.go("/recover/email-unknown", "email-unknown-es-managers")


def business(person: Photographer) -> None:
    """Where the address is the name to sign in with."""
    person.go("/login", "sign-in-lt-business")
    wrong(person, "123456786", "sign-in-no-address")
    person.go("/recover", "recover-lt-business")
    person.go("/recover/email-unknown", "email-unknown-lt-business")
