"""What `make run` says when everything is up: where to go and as whom."""

from collections.abc import Mapping

import pyotp

from demo import people
from demo.settings import BATCH_CLIENT, EXAMPLE_CLIENT, Ports

WIDTH = 16


def text(ports: Ports, secrets: Mapping[str, str], cast: people.Cast = people.BRAZIL) -> str:
    """The whole message."""
    return "\n\n".join(
        (
            "Outorga is running. Ctrl-C stops it.",
            _section("Open", _addresses(ports)),
            _section(f'Sign in as (password "{people.PASSWORD}")', _customers(cast)),
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
    return [_introduction(part.customer, part.has) for part in cast.parts]


def _introduction(customer: people.Customer, has: str) -> tuple[str, str]:
    scheme = customer.scheme.partition(":")[2].upper()
    return customer.name.split()[0], f"{scheme} {customer.shown}   {has}"


def _clients(secrets: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (EXAMPLE_CLIENT, f"code, refresh   secret {secrets['SEGUNDA_VIA_CLIENT_SECRET']}"),
        (BATCH_CLIENT, f"client credentials   secret {secrets['BATCH_CLIENT_SECRET']}"),
    ]


def _section(title: str, rows: list[tuple[str, str]]) -> str:
    return "\n".join([title, *(f"  {name:<{WIDTH}}{value}" for name, value in rows)])
