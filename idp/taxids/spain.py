"""Spain: NIF and NIE for people, CIF for companies and other entities.

By law all three are the holder's NIF, so all three feed the `nif` claim. They are kept apart
because a company may not sign in where a person must.
"""

from __future__ import annotations

import re

from stdnum.es import cif, nie, nif

from idp.taxids.scheme import Scheme, companies, picture

_DNI_LENGTH = 9
# Orden EHA/451/2008 gives the kinds of entity. These show their control character as a letter;
# A, B, E and H show it as a digit. For the others sources disagree, and both are met in the wild:
# the digit is kept, so that the two notations are one entity here.
_CONTROL_IS_LETTER = frozenset("NPQRSW")


def _pad_dni(bare: str) -> str:
    """Restore the leading zeros that people leave out; K, L and M numbers have full length."""
    return bare.zfill(_DNI_LENGTH)


def _nif_is_sound(bare: str) -> bool:
    return bool(nif.is_valid(_pad_dni(bare)))


def _mandated_control(bare: str) -> str:
    """The entity's number with its control character in the notation its kind prescribes."""
    body = bare[:-1]
    digit_and_letter = str(cif.calc_check_digits(body))
    return body + digit_and_letter[body[0] in _CONTROL_IS_LETTER]


# DNI numbers, and K (Spanish minors), L (Spaniards abroad) and M (foreigners without NIE).
# Number zero passes the arithmetic and belongs to nobody, here and below.
NIF = Scheme(
    country="es",
    name="nif",
    form=re.compile(r"(?!0+[A-Z])[0-9]{1,8}[A-Z]|[KLM](?!0+[A-Z])[0-9]{7}[A-Z]"),
    is_sound=_nif_is_sound,
    canonicalise=_pad_dni,
    # The AEPD's guidance on publishing documents (LOPDGDD, seventh additional provision): the
    # fourth to the seventh digit.
    mask=picture("***####**"),
    compat_claim="nif",
    country_prefix=True,
    lower_case=True,
)

NIE = Scheme(
    country="es",
    name="nie",
    form=re.compile(r"[XYZ](?!0+[A-Z])[0-9]{7}[A-Z]"),
    is_sound=nie.is_valid,
    # The same guidance, the leading letter not counted.
    mask=picture("****####*"),
    compat_claim="nif",
    country_prefix=True,
    lower_case=True,
)

CIF = Scheme(
    country="es",
    name="cif",
    form=re.compile(r"[ABCDEFGHJNPQRSUVW](?!0{7})[0-9]{7}[0-9A-J]"),
    is_sound=cif.is_valid,
    canonicalise=_mandated_control,
    mask=picture("****####*"),
    is_company=companies,
    compat_claim="nif",
    country_prefix=True,
    lower_case=True,
)
