"""What the people of the demo are made of."""

from dataclasses import dataclass

from idp.taxids import TaxId

PASSWORD = "correct horse battery staple"  # noqa: S105 - printed at start, for everybody to use


@dataclass(frozen=True, slots=True)
class Customer:
    """A party who signs in."""

    name: str
    tax_id: str  # canonical, without the scheme
    shown: str
    email: str
    mobile: str
    scheme: str = "br:cpf"
    locale: str = "pt-BR"

    @property
    def party(self) -> TaxId:
        """The tax id as the service knows it."""
        return TaxId.parse_canonical(f"{self.scheme}:{self.tax_id}")


@dataclass(frozen=True, slots=True)
class Company:
    """A holder that never signs in: its representative does."""

    name: str
    tax_id: str  # canonical, with the scheme
    representative: Customer


@dataclass(frozen=True, slots=True)
class Part:
    """What `customer` plays; whoever has no account yet registers in the demo."""

    customer: Customer
    has: str  # what the welcome says of them
    is_registered: bool = True
    facts: tuple[tuple[str, str], ...] = ()  # kinds of proofs, and what to type there


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is there under a market profile."""

    registries: tuple[str, ...]  # the files of installations, in this folder
    parts: tuple[Part, ...]
    companies: tuple[Company, ...] = ()
    password: str = PASSWORD  # everybody's, staff's too

    @property
    def accounts(self) -> tuple[Customer, ...]:
        """Those who have an account from the start."""
        return tuple(part.customer for part in self.parts if part.is_registered)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff."""

    name: str
    email: str
    role: str
    totp: str  # the name of the secret in the demo's secrets
