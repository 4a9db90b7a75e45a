from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from idp.registry.proofs.money import LONGEST, NoAmount, cents


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1234.56", 123456),
        ("1234,56", 123456),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1 234,56", 123456),
        ("1\u00a0234,56", 123456),
        ("1\u202f234,56", 123456),
        ("1'234.56", 123456),
        ("1’234.56", 123456),
        ("12.345.678,90", 1234567890),
        ("€ 12,30", 1230),
        ("12,30 €", 1230),
        ("12.30EUR", 1230),
        ("R$ 89,90", 8990),
        ("R$1.089,90", 108990),
        ("12,3", 1230),
        ("12", 1200),
        ("1.234", 123400),
        ("1,234", 123400),
        ("012,30", 1230),
        ("0,05", 5),
        ("0", 0),
    ],
)
def test_an_amount_is_read_however_it_is_written(typed: str, expected: int) -> None:
    assert cents(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "€",
            "abc",
            "-12,30",
            "+12",
            "12,345,6",
            "1.2.3",
            "1,23.45",
            "1.234.56",
            "12,,30",
        ),
        *("12,", ",30", "1.23,456", "12.3456", "1 23", "1,234 567", "1.234 567,00", "12:30", "1e5"),
        *("٣٠", "１２", "12,٣٠", "€€ 12", "0x10", "12\x00", "1_000", "9" * 13, "1" * (LONGEST + 1)),
        *("12 €€", "12,30 %", "NaN", "Infinity", "12.30.", "1,234,56"),
    ],
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(NoAmount):
        cents(typed)


@pytest.mark.parametrize(
    ("group", "mark"), [(".", ","), (",", "."), (" ", ","), ("'", "."), ("", ","), ("", ".")]
)
@given(amount=st.integers(0, 10**11))
def test_every_amount_comes_back_as_any_country_writes_it(
    group: str, mark: str, amount: int
) -> None:
    whole = f"{amount // 100:,}".replace(",", group)
    assert cents(f"{whole}{mark}{amount % 100:02}") == amount


@given(st.text(max_size=40))
def test_nothing_else_ever_breaks_it(typed: str) -> None:
    with suppress(NoAmount):
        assert 0 <= cents(typed) < 10**14
