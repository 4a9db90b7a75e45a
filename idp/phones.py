"""Telephone numbers as people write them, where the country is known by its code or by the length.

They are kept as digits, with `+` in front when typed so (E.164).
"""

import re

UNBROKEN = "\N{NO-BREAK SPACE}"
# Groups as the numbering authorities of the markets write them: ITU-T E.123 with a country's code,
# without one as they are dialled at home.
WRITTEN = (
    (r"(\+55)(\d\d)(\d{4,5})(\d{4})", r"\1 \2 \3-\4"),  # Brazil
    (r"(\+34)(\d{3})(\d{3})(\d{3})", r"\1 \2 \3 \4"),  # Spain
    (r"(\+351)(\d{3})(\d{3})(\d{3})", r"\1 \2 \3 \4"),  # Portugal
    (r"(\+370)(\d{3})(\d{5})", r"\1 \2 \3"),  # Lithuania
    (r"(\+33)(\d)(\d\d)(\d\d)(\d\d)(\d\d)", r"\1 \2 \3 \4 \5 \6"),  # France
    (r"(0[1-9])(\d\d)(\d\d)(\d\d)(\d\d)", r"\1 \2 \3 \4 \5"),  # France
    (r"([1-9]\d)(\d{4,5})(\d{4})", r"(\1) \2-\3"),  # Brazil
    (r"([2-9]\d\d)(\d{3})(\d{3})", r"\1 \2 \3"),  # Spain, Portugal
)


def readable(number: str) -> str:
    """`+5519998765432` as `+55 19 99876-5432`, its spaces unbroken; as it is where the country is
    another one or not known."""
    for form, written in WRITTEN:
        if re.fullmatch(form, number):
            return re.sub(form, written, number).replace(" ", UNBROKEN)
    return number
