from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.registry.proofs import canonical
from idp.registry.proofs.canonical import MAXIMUM_TYPED, Unreadable


@pytest.mark.parametrize(
    "typed",
    ["LT-2024-004417", "lt2024004417", " LT 2024 / 004417 ", "LT.2024.004417", "LT_2024-004417"],
)
def test_a_contract_number_is_its_letters_and_digits(typed: str) -> None:
    assert canonical.contract_number(typed) == "LT2024004417"


@pytest.mark.parametrize("typed", ["", "-", "<b>", "1;2", "٣٠٠١", "LT-ą1", "x\x00", "1" * 41])
def test_a_contract_number_is_short_and_plain(typed: str) -> None:
    with pytest.raises(Unreadable):
        canonical.contract_number(typed)


@pytest.mark.parametrize(
    "typed", ["4321", " 4321 ", "43 21", "**** **** 4321", "••••4321", "XXXX-4321"]
)
def test_bank_digits_are_read_as_bills_show_them(typed: str) -> None:
    assert canonical.bank_digits(typed) == "4321"


@pytest.mark.parametrize(
    "typed", ["", "432", "54321", "ES9121000418450200051332", "432a", "٤٣٢١", "4321;", "*" * 5]
)
def test_anything_but_four_digits_is_refused_a_whole_account_too(typed: str) -> None:
    with pytest.raises(Unreadable):
        canonical.bank_digits(typed)


def test_an_invoice_is_of_something() -> None:
    assert canonical.invoice_total("€ 84,12") == canonical.invoice_total("84.12") == "8412"
    for nothing in ("0", "0,00", "x", ""):
        with pytest.raises(Unreadable):
            canonical.invoice_total(nothing)


@pytest.mark.parametrize(
    "read", [canonical.contract_number, canonical.bank_digits, canonical.invoice_total]
)
@given(typed=st.text(max_size=MAXIMUM_TYPED + 9))
def test_no_text_breaks_it_and_what_comes_out_is_plain(
    read: Callable[[str], str], typed: str
) -> None:
    try:
        found = read(typed)
    except Unreadable:
        return
    assert found
    assert found.isascii()
    assert found.isalnum()
    assert len(typed) <= MAXIMUM_TYPED
