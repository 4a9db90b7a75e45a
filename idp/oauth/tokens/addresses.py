"""The `address` claim (OpenID Connect Core section 5.1.1), for those of whom an address is kept."""

from typing import Protocol

from idp.accounts.registration.models import Agency
from idp.extensions import db
from idp.taxids import TaxId


class Resident(Protocol):
    """An account, or a row with the same columns."""

    @property
    def id(self) -> int: ...
    @property
    def tax_id(self) -> TaxId: ...


def find(person: Resident) -> dict[str, str] | None:
    """Its members, those that are known; of customers no address is kept.

    `country` is that of the tax id, in ISO 3166-1; `formatted` has a line each, without it.
    """
    agency = db.session.get(Agency, person.id)
    if agency is None:
        return None
    street = " ".join(filter(None, (f"{agency.street}, {agency.number}", agency.complement)))
    lines = (street, agency.district, f"{agency.city} - {agency.state}", agency.postal_code)
    members = {
        "formatted": "\n".join(filter(None, lines)),
        "street_address": "\n".join(filter(None, (street, agency.district))),
        "locality": agency.city,
        "region": agency.state,
        "postal_code": agency.postal_code,
        "country": person.tax_id.country.upper(),
    }
    return {name: text for name, text in members.items() if text}
