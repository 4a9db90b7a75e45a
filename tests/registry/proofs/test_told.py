import pytest

from idp.registry.proofs.told import BANK_DIGITS, CONTRACT_NUMBER, INVOICE_TOTALS, read_facts
from idp.registry.rows import BadRow


def test_columns_that_are_left_out_tell_nothing() -> None:
    assert set(read_facts({}).values()) == {None}


def test_empty_columns_tell_that_there_is_nothing() -> None:
    told = read_facts({CONTRACT_NUMBER: "", BANK_DIGITS: " ", INVOICE_TOTALS: "\t"})
    assert set(told.values()) == {()}


def test_facts_are_read_in_their_one_spelling() -> None:
    told = read_facts(
        {
            CONTRACT_NUMBER: " mr-2024/118 ",
            BANK_DIGITS: "4321",
            INVOICE_TOTALS: "84,12|1.052,30| 48.75 ",
        }
    )
    assert told[CONTRACT_NUMBER] == ("MR2024118",)
    assert told[BANK_DIGITS] == ("4321",)
    assert told[INVOICE_TOTALS] == ["8412", "105230", "4875"]


def test_an_invoice_of_nothing_and_one_that_repeats_are_passed_over() -> None:
    assert read_facts({INVOICE_TOTALS: "0,00|12,30|12.30"})[INVOICE_TOTALS] == ["1230"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (CONTRACT_NUMBER, "<script>"),
        (CONTRACT_NUMBER, "1" * 41),
        (BANK_DIGITS, "ES9121000418450200051332"),
        (BANK_DIGITS, "432"),
        (INVOICE_TOTALS, "1|2|3|4"),
        (INVOICE_TOTALS, "84,12|"),
        (INVOICE_TOTALS, "-5"),
    ],
)
def test_a_fact_that_is_none_is_refused_without_repeating_it(column: str, text: str) -> None:
    with pytest.raises(BadRow) as caught:
        read_facts({column: text})
    assert caught.value.column == column
    assert text not in caught.value.problem
