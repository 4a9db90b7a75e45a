"""The facts of a contract that a row of an import file tells; no database, no files."""

from collections.abc import Mapping, Sequence

from idp.registry.models import FactKind
from idp.registry.proofs import canonical, money
from idp.registry.rows import BadRow

CONTRACT_NUMBER, BANK_DIGITS, INVOICE_TOTALS = COLUMNS = (
    "contract_number",
    "bank_digits",
    "invoice_totals",
)
KINDS: Mapping[str, FactKind] = {
    CONTRACT_NUMBER: FactKind.CONTRACT_NUMBER,
    BANK_DIGITS: FactKind.BANK_DIGITS,
    INVOICE_TOTALS: FactKind.INVOICE_TOTAL,
}
MOST_TOTALS = 3
BETWEEN_TOTALS = "|"

Facts = Mapping[str, Sequence[str] | None]


def read_facts(values: Mapping[str, str]) -> Facts:
    """By column, the canonical facts of a row: none where it is empty, None where it is left out,
    so that what was told before stays. Raises `BadRow`."""
    return {column: _read(values, column) for column in COLUMNS}


def _read(values: Mapping[str, str], column: str) -> Sequence[str] | None:
    if column not in values:
        return None
    text = values[column].strip()
    if not text:
        return ()
    try:
        return READERS[column](text)
    except (canonical.Unreadable, money.NoAmount) as error:
        raise BadRow(column, PROBLEMS[column]) from error


def _contract_number(text: str) -> Sequence[str]:
    return (canonical.contract_number(text),)


def _bank_digits(text: str) -> Sequence[str]:
    return (canonical.bank_digits(text),)


def _invoice_totals(text: str) -> Sequence[str]:
    """Hundredths; an invoice of nothing proves nothing and is passed over."""
    totals = text.split(BETWEEN_TOTALS)
    if len(totals) > MOST_TOTALS:
        raise canonical.Unreadable
    amounts = [money.cents(total) for total in totals]
    return [str(amount) for amount in dict.fromkeys(amounts) if amount]


READERS = {
    CONTRACT_NUMBER: _contract_number,
    BANK_DIGITS: _bank_digits,
    INVOICE_TOTALS: _invoice_totals,
}
PROBLEMS = {
    CONTRACT_NUMBER: "up to 40 letters and digits are allowed",
    BANK_DIGITS: "four digits are allowed, never a whole account number",
    INVOICE_TOTALS: f"up to {MOST_TOTALS} amounts such as 1234.56, with | between them",
}
