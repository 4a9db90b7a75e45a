"""Refusals carry a stable code, and never what was typed."""

from __future__ import annotations

import pickle
import traceback

import pytest

from idp.taxids import (
    AmbiguousTaxId,
    MalformedTaxId,
    TaxId,
    TaxIdSchemeNotAllowed,
    UnknownIssuingCountry,
    WrongCheckDigit,
    parse,
)

CODES = {
    MalformedTaxId: "tax_id_malformed",
    WrongCheckDigit: "tax_id_wrong_check_digit",
    TaxIdSchemeNotAllowed: "tax_id_scheme_not_allowed",
    AmbiguousTaxId: "tax_id_ambiguous",
    UnknownIssuingCountry: "tax_id_unknown_country",
}

REFUSED = {
    "52998224726": (),
    "5299822472": (),
    "11111111111": (),
    "110053842": (),
    "B58378431": ("es:nif",),
}


@pytest.mark.parametrize(("error", "code"), CODES.items())
def test_every_refusal_is_a_malformed_tax_id_with_its_own_code(
    error: type[MalformedTaxId], code: str
) -> None:
    assert issubclass(error, MalformedTaxId)
    assert issubclass(error, ValueError)
    assert error.code == code
    assert error.message


@pytest.mark.parametrize(("text", "schemes"), REFUSED.items())
def test_no_refusal_repeats_what_was_typed(text: str, schemes: tuple[str, ...]) -> None:
    with pytest.raises(MalformedTaxId) as caught:
        parse(text, *([schemes] if schemes else []))
    error = caught.value
    said = "".join(traceback.format_exception(error))
    for told in (str(error), repr(error), repr(error.args), f"{error.__dict__}", said):
        assert text not in told


def test_no_refusal_of_a_canonical_text_repeats_it() -> None:
    value = "52998224726"
    with pytest.raises(MalformedTaxId) as caught:
        TaxId.parse_canonical(f"br:cpf:{value}")
    assert value not in "".join(traceback.format_exception(caught.value))


def test_refusals_survive_a_trip_between_processes() -> None:
    candidates = (TaxId("pt", "nif", "110053842"), TaxId("lt", "code", "110053842"))
    error = pickle.loads(pickle.dumps(AmbiguousTaxId(candidates)))  # noqa: S301 - our own bytes
    assert error.candidates == candidates
    assert str(error) == AmbiguousTaxId.message
