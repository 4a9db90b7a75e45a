"""Tax ids made by arithmetic of our own, so that the tests do not trust what they test."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from idp.taxids import TaxId

DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
CIF_LETTERS = "JABCDEFGHI"
PT_PREFIXES = (
    *("1", "2", "3", "45", "5", "6", "70", "71", "72", "74", "75", "77", "78", "79"),
    *("8", "90", "91", "98", "99"),
)


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=length, max_size=length)


def digits_not_zero(length: int) -> st.SearchStrategy[str]:
    return digits(length).filter(lambda text: int(text) > 0)


def weighted(characters: str, weights: list[int]) -> int:
    return sum((ord(c) - 48) * w for c, w in zip(characters, weights, strict=True))


def _two_or_more(remainder: int) -> str:
    return "0" if remainder < 2 else str(11 - remainder)


def complete_cpf(body: str) -> str:
    first = _two_or_more(weighted(body, list(range(10, 1, -1))) % 11)
    return body + first + _two_or_more(weighted(body + first, list(range(11, 1, -1))) % 11)


def complete_cnpj(body: str) -> str:
    weights = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    first = _two_or_more(weighted(body, weights[1:]) % 11)
    return body + first + _two_or_more(weighted(body + first, weights) % 11)


def complete_pt_nif(body: str) -> str:
    control = 11 - weighted(body, list(range(9, 1, -1))) % 11
    return body + ("0" if control >= 10 else str(control))


def complete_lt_code(body: str) -> str:
    control = weighted(body, [1, 2, 3, 4, 5, 6, 7, 8]) % 11
    if control == 10:
        control = weighted(body, [3, 4, 5, 6, 7, 8, 9, 1]) % 11
    return body + ("0" if control == 10 else str(control))


def complete_dni(body: str) -> str:
    return body + DNI_LETTERS[int(body) % 23]


def complete_nie(body: str) -> str:
    return body + DNI_LETTERS[int("012"["XYZ".index(body[0])] + body[1:]) % 23]


def complete_klm(body: str) -> str:
    return body + DNI_LETTERS[int(body[1:]) % 23]


def cif_control(body: str) -> int:
    """The Luhn digit: odd places doubled and their digits summed."""
    doubled = "".join(str(int(c) * 2) for c in body[1::2])
    return -sum(int(c) for c in doubled + body[2::2]) % 10


def complete_cif(body: str) -> str:
    control = cif_control(body)
    return body + (CIF_LETTERS[control] if body[0] in "PQRSNW" else str(control))


cpfs = digits(9).map(complete_cpf).filter(lambda value: len(set(value)) > 1)
cnpjs = (
    st.text(string.digits + string.ascii_uppercase, min_size=12, max_size=12)
    .filter(lambda body: len(set(body)) > 1)
    .map(complete_cnpj)
)
dnis = digits_not_zero(8).map(complete_dni)
klms = st.builds(str.__add__, st.sampled_from("KLM"), digits_not_zero(7)).map(complete_klm)
nies = st.builds(str.__add__, st.sampled_from("XYZ"), digits_not_zero(7)).map(complete_nie)
cif_bodies = st.builds(str.__add__, st.sampled_from("ABCDEFGHJNPQRSUVW"), digits_not_zero(7))
pt_nifs = (
    st.tuples(st.sampled_from(PT_PREFIXES), digits(8))
    .map(lambda parts: "".join(parts)[:8])
    .map(complete_pt_nif)
)
lt_codes = digits_not_zero(8).map(complete_lt_code)
passport_numbers = st.text(string.digits + string.ascii_uppercase, min_size=5, max_size=15)

VALUES = {
    "br:cpf": cpfs,
    "br:cnpj": cnpjs,
    "es:nif": dnis | klms,
    "es:nie": nies,
    "es:cif": cif_bodies.map(complete_cif),
    "pt:nif": pt_nifs,
    "lt:code": lt_codes,
}


def ids(key: str) -> st.SearchStrategy[TaxId]:
    country, scheme = key.split(":")
    return VALUES[key].map(lambda value: TaxId(country, scheme, value))


any_id = st.one_of([ids(key) for key in VALUES])


@st.composite
def decorated(draw: st.DrawFn, key: str, punctuation: str) -> tuple[TaxId, str]:
    """A tax id, and a way in which a person might type it."""
    tax_id = draw(ids(key))
    country, scheme = key.split(":")
    text = tax_id.value
    if country != "br" and draw(st.booleans()):
        text = country.upper() + text
    if scheme != "cnpj" and draw(st.booleans()):
        text = text.lower()
    gaps = st.text(punctuation, max_size=2)
    return tax_id, "".join(draw(gaps) + character for character in text) + draw(gaps)
