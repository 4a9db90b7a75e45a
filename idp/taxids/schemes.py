"""Every kind of tax id this service knows: a new country adds its own file and a line here."""

from __future__ import annotations

from idp.taxids import brazil, lithuania, portugal, spain
from idp.taxids.countries import ISO_3166_ALPHA_2
from idp.taxids.errors import MalformedTaxId
from idp.taxids.passports import PASSPORT
from idp.taxids.scheme import Scheme

_SCHEMES = {
    scheme.key: scheme
    for scheme in (
        brazil.CPF,
        brazil.CNPJ,
        spain.NIF,
        spain.NIE,
        spain.CIF,
        portugal.NIF,
        lithuania.CODE,
    )
}

SCHEME_NAMES: tuple[str, ...] = tuple(_SCHEMES)
"""The names a deployment may allow, such as `br:cpf`; passports come on top, as `passport`."""


def scheme_of(country: str, name: str) -> Scheme:
    """The rules of a tax id of this country and scheme; raises MalformedTaxId."""
    if name == PASSPORT.name and country in ISO_3166_ALPHA_2:
        return PASSPORT
    scheme = _SCHEMES.get(f"{country}:{name}")
    if scheme is None:
        raise MalformedTaxId
    return scheme


def named_schemes(names: tuple[str, ...]) -> list[Scheme]:
    """The schemes a deployment allows; a name that does not exist is its mistake: LookupError.

    `passport` may be among them and is passed over: a bare number does not say who issued it.
    """
    unknown = set(names) - {*SCHEME_NAMES, PASSPORT.name}
    if unknown:
        raise LookupError(f"no such tax-id scheme: {', '.join(sorted(unknown))}")
    return [scheme for key, scheme in _SCHEMES.items() if key in names]


def compatriots_of(schemes: list[Scheme]) -> list[Scheme]:
    """Every scheme of the countries of these."""
    countries = {scheme.country for scheme in schemes}
    return [scheme for scheme in _SCHEMES.values() if scheme.country in countries]
