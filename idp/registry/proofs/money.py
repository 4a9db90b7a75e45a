"""Read an amount of money however people write it; no database, no request."""

import re

LONGEST = 32  # characters that are looked at
# Signs and codes of the currencies on a bill, before or after the amount.
CURRENCY = re.compile(r"(?:€|R\$|\$|£|EUR|BRL)", re.IGNORECASE)
# "1.234", "1 234", "1'234": a point, comma, blank or apostrophe, the same between all groups.
GROUPED = re.compile(r"[0-9]{1,3}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*")
PLAIN = re.compile(r"[0-9]{1,12}")
FRACTION = re.compile(r"(?P<whole>.*[0-9])(?P<mark>[.,])(?P<cents>[0-9]{1,2})")
APOSTROPHES = str.maketrans({"’": "'", "\u02bc": "'", "\u2032": "'"})


class NoAmount(ValueError):
    """This is no amount of money; what was typed is not repeated."""


def cents(typed: str) -> int:
    """How many hundredths `typed` says: `1.234,56`, `1,234.56`, `1234.5`, `€ 1 234,56`, `R$ 12`.

    A point or comma followed by one or two digits at the end begins the hundredths; one followed by
    three groups thousands, as no bill counts in thousandths. Raises `NoAmount`.
    """
    if len(typed) > LONGEST:
        raise NoAmount
    text = " ".join(CURRENCY.sub(" ", typed, count=1).translate(APOSTROPHES).split())
    found = FRACTION.fullmatch(text)
    if found is None:
        return _whole(text, "") * 100
    return _whole(found["whole"], found["mark"]) * 100 + int(found["cents"].ljust(2, "0"))


def _whole(text: str, decimal_mark: str) -> int:
    """The digits before the hundredths, whose mark can't group them too."""
    grouped = GROUPED.fullmatch(text)
    if PLAIN.fullmatch(text) is None and (grouped is None or grouped[1] == decimal_mark):
        raise NoAmount
    return int(re.sub(r"[^0-9]", "", text))
