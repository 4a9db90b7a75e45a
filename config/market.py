"""What a market profile says beyond single settings: `current_app.config["PROFILE"]`.

Read from the tables of a file in `profiles/` by `config.profiles.load`; see `docs/profiles.md`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

IDENTIFIERS = ("tax_id", "email")  # what a person can sign in with
CHARACTER_CLASSES = ("upper", "lower", "digit")
AT_REGISTRATION, AT_ACTIVATION = "registration", "activation"  # when the password is set
PROOFS = ("installation_code", "contract_number", "bank_digits", "invoice_total")
# Those that have few values or likely ones: their guessing needs tighter limits.
GUESSABLE_PROOFS = frozenset({"bank_digits", "invoice_total"})
KINDS = ("customer", "agency")
STATEMENTS = ("agency",)  # texts of idp.terms that a form may end with
# The fields of a registration form, by the names that scripts and password managers rely on.
FIELDS = (
    *("tax_id", "name", "given_name", "family_name", "email", "landline", "mobile", "password"),
    *("trade_name", "responsible", "postal_code", "state", "city", "district", "street", "number"),
    *("complement", "creci", "is_customer", *PROOFS, "accept_terms"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people are known at `/login`."""

    identifiers: tuple[str, ...]  # some of IDENTIFIERS, the usual one first
    refused: tuple[str, ...] = ()  # tax-id schemes, or `email`: refused with an explanation (A3)


@dataclass(frozen=True, slots=True)
class Passwords:
    """What a new password must be, besides long enough and not a well-known one."""

    required: tuple[str, ...] = ()  # some of CHARACTER_CLASSES
    set_at: str = AT_REGISTRATION


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """One kind of registration: its fields, page by page."""

    kind: str  # one of KINDS
    steps: tuple[tuple[str, ...], ...]  # of FIELDS
    optional: tuple[str, ...] = ()  # those that may stay empty
    any_of: tuple[str, ...] = ()  # optional ones, of which at least one has to be answered
    statement: str = ""  # one of STATEMENTS, to read and accept on the last page; empty: none

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(name for step in self.steps for name in step)

    def without(self, names: Collection[str]) -> "RegistrationForm":
        """The same form that doesn't ask for these; a page that is left empty is none."""
        steps = (tuple(name for name in step if name not in names) for step in self.steps)
        return replace(
            self,
            steps=tuple(step for step in steps if step),
            optional=tuple(name for name in self.optional if name not in names),
            any_of=tuple(name for name in self.any_of if name not in names),
        )


@dataclass(frozen=True, slots=True)
class Colours:
    """The brand's own colours under one scheme of light; `#rrggbb` each."""

    accent: str  # buttons, links, the band at the top
    accent_deep: str  # the same under the pointer
    on_accent: str  # text on both
    tint: str  # the ground of notices


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose page this is. Its name is the setting `brand_name`."""

    light: Colours
    dark: Colours
    logo: str = ""  # an SVG file of idp/static/brands/, without its .svg; empty: Outorga's mark


@dataclass(frozen=True, slots=True)
class Profile:
    """One market."""

    sign_in: SignIn
    passwords: Passwords
    registration: tuple[RegistrationForm, ...]  # the first is the usual one
    brand: Brand
    proofs: tuple[str, ...] = ()  # what shows that somebody is the holder: some of PROOFS
    # Folders of templates/terms/ by the name of the text, where this market has texts of its own.
    terms: Mapping[str, str] = field(default_factory=dict)

    def form_of(self, kind: str) -> RegistrationForm | None:
        """The form that registers this kind, if the market has it."""
        return next((form for form in self.registration if form.kind == kind), None)

    def asks(self, name: str) -> bool:
        """Whether any registration form has this field."""
        return any(name in form.fields for form in self.registration)


def tables() -> frozenset[str]:
    """The names of the tables of a profile's file."""
    return frozenset(Profile.__dataclass_fields__)


Table = Mapping[str, Any]
