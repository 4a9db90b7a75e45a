import pytest

from idp.registry.rows import BadRow, read_row
from tests.registry.files import MARIA, a_row


def refusal(**changes: str) -> str:
    with pytest.raises(BadRow) as caught:
        read_row(a_row(**changes))
    return caught.value.column


def test_a_good_row_is_read_as_it_is() -> None:
    assert read_row(a_row())._asdict() == a_row()


@pytest.mark.parametrize(
    ("holder", "scheme", "expected"),
    [
        ("529.982.247-25", "br:cpf", MARIA),
        ("52998224725", "br:cpf", MARIA),
        (MARIA, "br:cnpj", MARIA),
        ("12.ABC.345/01DE-35", "br:cnpj", "br:cnpj:12ABC34501DE35"),
        ("501964843", "pt:nif", "pt:nif:501964843"),
    ],
)
def test_a_holder_is_canonical_or_a_number_with_its_scheme(
    holder: str, scheme: str, expected: str
) -> None:
    assert read_row(a_row(holder=holder, scheme=scheme)).holder == expected


@pytest.mark.parametrize(
    "holder",
    ["", "52998224725", "br:cpf:52998224724", "br:cpf:529.982.247-25", "br:cpf:11111111111", ":::"],
)
def test_a_holder_that_is_no_canonical_tax_id_is_refused(holder: str) -> None:
    assert refusal(holder=holder) == "holder"


def test_a_scheme_that_does_not_exist_is_refused() -> None:
    assert refusal(holder="52998224725", scheme="br:rg") == "scheme"


@pytest.mark.parametrize("status", ["", "ACTIVE", "closed", "active\x00"])
def test_an_unknown_status_is_refused(status: str) -> None:
    assert refusal(status=status) == "status"


@pytest.mark.parametrize("code", ["", "a b", "x" * 65, "<script>", "٣٠٠١", "30\x0001"])
def test_a_code_is_short_and_plain(code: str) -> None:
    assert refusal(code=code) == "code"


@pytest.mark.parametrize(
    ("column", "length"),
    [("holder_name", 257), ("address", 257), ("city", 129), ("state", 65), ("postal_code", 17)],
)
def test_a_text_that_is_too_long_is_refused(column: str, length: int) -> None:
    assert refusal(**{column: "x" * length}) == column
    read_row(a_row(**{column: "x" * (length - 1)}))


@pytest.mark.parametrize("text", ["\x00", "a\x1bb", "a\ud800", "\u202eevil"])
def test_control_characters_are_refused(text: str) -> None:
    assert refusal(address=text) == "address"


def test_white_space_of_every_kind_becomes_single_blanks() -> None:
    row = read_row(a_row(holder_name="  Maria\u00a0 da\tSilva ", code=" 30 ", status=" active "))
    assert (row.holder_name, row.code, row.status) == ("Maria da Silva", "30", "active")


def test_an_empty_segment_is_low_voltage_and_an_empty_address_is_fine() -> None:
    row = read_row(a_row(segment="", address="", city="", state="", postal_code=""))
    assert (row.segment, row.address) == ("low_voltage", "")


def test_a_refusal_never_repeats_the_value() -> None:
    with pytest.raises(BadRow) as caught:
        read_row(a_row(holder="br:cpf:52998224724"))
    assert "52998224724" not in repr(caught.value)
