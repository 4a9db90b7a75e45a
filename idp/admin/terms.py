"""What the one search field may mean; pure, so that every reading is a line of a test."""

from dataclasses import dataclass
from enum import StrEnum

from idp import taxids
from idp.invitations.protocols import parse_protocol
from idp.taxids import AmbiguousTaxId, MalformedTaxId, TaxId

MINIMUM_NAME = 3  # letters; fewer would list half the country
MAXIMUM_CODE = 64

PREFIXES = {"a_": "account", "g_": "grant", "v_": "invitation"}


class Kind(StrEnum):
    """How a term can be read; the trail keeps these words and never the term."""

    ACCOUNT = "account"
    GRANT = "grant"
    INVITATION = "invitation"
    PROTOCOL = "protocol"
    TAX_ID = "tax_id"
    EMAIL = "email"
    INSTALLATION = "installation"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Term:
    """Every reading of what was typed; an empty one means that it can't be read that way."""

    reference: str = ""  # a public id: a_…, g_…, v_…
    tax_ids: tuple[TaxId, ...] = ()
    email: str = ""
    code: str = ""  # an installation's code
    protocol: str = ""  # an invitation's protocol number, as it is stored
    name: str = ""

    @property
    def kinds(self) -> list[Kind]:
        """The readings, for the trail."""
        if self.reference:
            return [Kind(PREFIXES[self.reference[:2]])]
        readings = {
            Kind.TAX_ID: self.tax_ids,
            Kind.EMAIL: self.email,
            Kind.INSTALLATION: self.code,
            Kind.PROTOCOL: self.protocol,
            Kind.NAME: self.name,
        }
        return [kind for kind, reading in readings.items() if reading]


def read(typed: str) -> Term:
    """Read a term; several readings may hold, such as a tax id and an installation code."""
    text = " ".join(typed.split())
    if text[:2] in PREFIXES and " " not in text:
        return Term(reference=text)
    if "@" in text:
        return Term(email=text.lower())
    return Term(
        tax_ids=_tax_ids(text),
        code=_code(text),
        protocol=parse_protocol(text) or "",
        name=_name(text),
    )


def _tax_ids(text: str) -> tuple[TaxId, ...]:
    try:
        if text.count(":") == 2:  # noqa: PLR2004 - country:scheme:value
            return (TaxId.parse_canonical(text),)
        return (taxids.parse(text),)
    except AmbiguousTaxId as ambiguous:
        return tuple(ambiguous.candidates)
    except MalformedTaxId:
        return ()


def _code(text: str) -> str:
    bare = text.replace(" ", "")
    plain = bare.isascii() and any(char.isdigit() for char in bare)
    return bare if plain and len(bare) <= MAXIMUM_CODE else ""


def _name(text: str) -> str:
    letters = sum(char.isalpha() for char in text)
    return text if letters >= MINIMUM_NAME else ""
