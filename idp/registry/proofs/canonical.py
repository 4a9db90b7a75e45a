"""The one spelling of each fact of a contract; no database, no request.

What a person types and what the utility's file says are brought to the same spelling, so that both
can be compared by what is kept of them. Each function raises `Unreadable`.
"""

import re

from idp.registry.proofs import money

MAXIMUM_TYPED = 64  # characters of any fact
NUMBER_OF_A_CONTRACT = re.compile(r"[0-9A-Z]{1,40}")
BETWEEN = re.compile(r"[\s./_-]+")
FOUR_DIGITS = re.compile(r"[0-9]{4}")
HIDDEN = re.compile(r"[\s*•xX.-]+")  # how bills write the digits that they leave out


class Unreadable(ValueError):
    """This can't be such a fact; what was typed is not repeated."""


def contract_number(typed: str) -> str:
    """Letters (in capitals) and digits, whatever stands between them."""
    text = BETWEEN.sub("", _bounded(typed)).upper()
    if not NUMBER_OF_A_CONTRACT.fullmatch(text):
        raise Unreadable
    return text


def bank_digits(typed: str) -> str:
    """Four digits: `1234`, or as a bill shows them, `**** **** 1234`.

    A whole account number is refused: nobody should get used to typing one here.
    """
    text = HIDDEN.sub("", _bounded(typed))
    if not FOUR_DIGITS.fullmatch(text):
        raise Unreadable
    return text


def invoice_total(typed: str) -> str:
    """Hundredths of the currency, more than none."""
    try:
        amount = money.cents(typed)
    except money.NoAmount as error:
        raise Unreadable from error
    if not amount:
        raise Unreadable
    return str(amount)


def _bounded(typed: str) -> str:
    if len(typed) > MAXIMUM_TYPED:
        raise Unreadable
    return typed
