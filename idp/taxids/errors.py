"""Why a text was refused as a tax id.

None of these ever repeats what was typed, in its text or its repr: tax ids must not reach logs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from idp.taxids.taxid import TaxId


class MalformedTaxId(ValueError):
    """The text has the form of no tax id that could be meant here."""

    code: ClassVar[str] = "tax_id_malformed"
    message: ClassVar[str] = "This does not have the form of a tax id."

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}(code={self.code!r})"


class WrongCheckDigit(MalformedTaxId):
    """The form is right, the check digit is not: most likely a typing error."""

    code = "tax_id_wrong_check_digit"
    message = "The check digit does not match: please compare the number with your document."


class TaxIdSchemeNotAllowed(MalformedTaxId):
    """A sound tax id of the right country, of a kind that is not accepted here.

    `schemes` names the kinds it may be, such as `("es:cif",)`, so that a page can explain.
    """

    code = "tax_id_scheme_not_allowed"
    message = "This kind of tax id is not accepted here."

    def __init__(self, schemes: tuple[str, ...]) -> None:
        super().__init__(schemes)
        self.schemes = schemes


class AmbiguousTaxId(MalformedTaxId):
    """The number is sound in more than one country: the person has to say which is meant."""

    code = "tax_id_ambiguous"
    message = "This number exists in more than one country: please choose the country."

    def __init__(self, candidates: tuple[TaxId, ...]) -> None:
        super().__init__(candidates)
        self.candidates = candidates


class UnknownIssuingCountry(MalformedTaxId):
    """The country said to have issued a passport is not in ISO 3166-1."""

    code = "tax_id_unknown_country"
    message = "Please choose the country that issued the passport."
