"""The tax id as a value: which party, in exactly one spelling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from idp.taxids.errors import MalformedTaxId
from idp.taxids.scheme import Scheme
from idp.taxids.schemes import scheme_of

_CANONICAL_PARTS = 3


@dataclass(frozen=True, slots=True, repr=False)
class TaxId:
    """A party's tax id; equal only when country, scheme and value are.

    Never a bare number: a Portuguese NIF and a Lithuanian company code are both nine digits.
    Only canonical values can be built, so that one party can never be two.
    """

    country: str
    scheme: str
    value: str

    def __post_init__(self) -> None:
        if self._rules.canonical(self.value) != self.value:
            raise MalformedTaxId

    @classmethod
    def parse_canonical(cls, text: str) -> Self:
        """Read back what `str()` of a tax id gave, and nothing else; raises MalformedTaxId."""
        parts = text.split(":", _CANONICAL_PARTS)
        if len(parts) != _CANONICAL_PARTS:
            raise MalformedTaxId
        return cls(*parts)

    @classmethod
    def stored(cls, text: str) -> Self:
        """Read back what was canonical when it was written, from a column of ours: its arithmetic
        isn't done anew, which takes eight times as long as reading it."""
        made = object.__new__(cls)
        for name, part in zip(cls.__slots__, text.split(":", _CANONICAL_PARTS - 1), strict=True):
            object.__setattr__(made, name, part)
        return made

    def __str__(self) -> str:
        """The public subject, such as `br:cpf:52998224725`."""
        return f"{self.country}:{self.scheme}:{self.value}"

    def __repr__(self) -> str:
        """Masked: reprs end up in logs and error reports."""
        return f"<TaxId {self.country}:{self.scheme} {self.masked}>"

    @property
    def formatted(self) -> str:
        """As people of the country write it: `529.982.247-25`."""
        return self._rules.format(self.value)

    @property
    def masked(self) -> str:
        """Recognisable to its owner and of no use to others: `***.982.247-**`."""
        return self._rules.mask(self.value)

    @property
    def is_company(self) -> bool:
        """Whether it numbers a company or another entity, which acts through a person."""
        return self._rules.is_company(self.value)

    @property
    def is_person(self) -> bool:
        """Whether it numbers a natural person."""
        return not self.is_company

    @property
    def compat_claim(self) -> str | None:
        """The claim in which older libraries expect it: `cpf`, `cnpj`, `nif`, or none."""
        return self._rules.compat_claim

    def claims(self) -> dict[str, str]:
        """The value of the `tax_id` claim."""
        return {"country": self.country, "scheme": self.scheme, "value": self.value}

    @property
    def _rules(self) -> Scheme:
        return scheme_of(self.country, self.scheme)
