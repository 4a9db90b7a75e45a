"""What `make run` says when everything is up: where to go and as whom."""

from collections.abc import Mapping

import pyotp

from demo import people
from demo.settings import BATCH_CLIENT, EXAMPLE_CLIENT, Ports

WIDTH = 16
SCHEMES = {
    "cpf": "CPF",
    "cnpj": "CNPJ",
    "nif": "NIF",
    "nie": "NIE",
    "passport": "passport",
    "code": "company code",
}
FACTS = {
    people.CODE: "installation code",
    people.CONTRACT: "contract number",
    people.BANK: "bank digits",
    people.TOTAL: "total of an invoice",
}


def text(ports: Ports, secrets: Mapping[str, str], cast: people.Cast = people.EVERYBODY) -> str:
    """The whole message."""
    return "\n\n".join(
        (
            "Outorga is running. Ctrl-C stops it.",
            _section("Open", _addresses(ports)),
            _section(f'Sign in as (password "{cast.password}")', _customers(cast)),
            *_newcomers(cast),
            _section("Staff (same password, then the code)", codes(secrets)),
            _section("Clients", _clients(secrets)),
        )
    )


def codes(secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each member of staff with the TOTP code of this moment and the secret behind it."""
    return [
        (
            member.role,
            f"{member.email}   code now {pyotp.TOTP(secrets[member.totp]).now()}"
            f"   secret {secrets[member.totp]}",
        )
        for member in people.STAFF
    ] + [("", "`make totp` prints the codes again")]


def _addresses(ports: Ports) -> list[tuple[str, str]]:
    return [
        ("Example app", f"{ports.application}   Segunda via: start here"),
        ("Provider", ports.issuer),
        ("Inbox", f"{ports.inbox}   every mail the demo sends"),
        ("Staff console", f"{ports.issuer}/admin"),
    ]


def _customers(cast: people.Cast) -> list[tuple[str, str]]:
    return [_introduction(part) for part in cast.parts if part.is_registered]


def _newcomers(cast: people.Cast) -> list[str]:
    """Those who have no account yet, with what they know of their contract."""
    parts = [part for part in cast.parts if not part.is_registered]
    rows = [row for part in parts for row in (_introduction(part), *_facts(part))]
    return [_section("Register as", rows)] if rows else []


def _introduction(part: people.Part) -> tuple[str, str]:
    customer = part.customer
    scheme = SCHEMES.get(customer.scheme.partition(":")[2], customer.scheme)
    return customer.name.split()[0], f"{scheme} {customer.shown}, {customer.email}   {part.has}"


def _facts(part: people.Part) -> list[tuple[str, str]]:
    """What to type where the form asks for something of the contract."""
    typed = [f"{FACTS[kind]} {value}" for kind, value in part.facts]
    return [("", f"knows: {' or '.join(typed)}")] if typed else []


def _clients(secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (EXAMPLE_CLIENT, f"code, refresh   secret {secrets['SEGUNDA_VIA_CLIENT_SECRET']}"),
        (BATCH_CLIENT, f"client credentials   secret {secrets['BATCH_CLIENT_SECRET']}"),
    ]


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([title, *(f"  {name:<{WIDTH}}{value}" for name, value in rows)])
