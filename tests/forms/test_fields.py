"""Form fields: what they read, and the sentence they answer what they can't read with."""

from collections.abc import Iterator

import pytest
from flask import Flask
from marshmallow import ValidationError

from idp import taxids
from idp.fields import ChoicesField, EmailField, PhoneField, TaxIdField
from idp.forms import Form, FormSchema, TextField

HOSTILE = [
    "\x00",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "x" * 100_000,
    "\N{RIGHT-TO-LEFT OVERRIDE}" * 10,
    "\N{KELVIN SIGN}" * 11,
    "\N{ARABIC-INDIC DIGIT ONE}" * 11,
    "\N{FULLWIDTH DIGIT ONE}" * 11,
    "\N{PILE OF POO}",
    "%s%n{0}{{7*7}}",
]


class Everything(FormSchema):
    """One field of each kind."""

    tax_id = TaxIdField()
    email = EmailField()
    phone = PhoneField(required=False)
    name = TextField()
    which = ChoicesField()


@pytest.fixture(autouse=True)
def context(migrated_app: Flask) -> Iterator[Flask]:
    """Inside a request that prefers English."""
    with migrated_app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield migrated_app


def posted(app: Flask, **data: object) -> tuple[Form, dict[str, object] | None]:
    """What the form makes of a posted body."""
    english = {"Accept-Language": "en"}
    with app.test_request_context("/", method="POST", data=data, headers=english):
        form = Form()
        return form, form.load(Everything())


def test_a_tax_id_is_read_with_and_without_punctuation() -> None:
    field = TaxIdField(("br:cpf",))
    assert str(field.deserialize("529.982.247-25")) == "br:cpf:52998224725"
    assert field.deserialize(" 52998224725 ") == field.deserialize("529.982.247-25")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter the tax id."),
        ("   ", "Enter the tax id."),
        ("123.456.789-10", "This number has a typing error. Compare it with your document."),
        ("hello", "Enter a tax id in the right format."),
    ],
)
def test_a_refused_tax_id_says_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        TaxIdField(("br:cpf",)).deserialize(typed)
    assert refusal.value.messages == [sentence]


def test_a_number_of_two_countries_asks_for_the_country() -> None:
    with pytest.raises(ValidationError, match="more than one country"):
        TaxIdField(("pt:nif", "lt:code")).deserialize(number_of_both_countries())


def number_of_both_countries() -> str:
    """Nine digits that are sound in Portugal and in Lithuania."""
    for number in range(500_000_000, 500_010_000):
        try:
            taxids.parse(str(number), ("pt:nif", "lt:code"))
        except taxids.AmbiguousTaxId:
            return str(number)
        except taxids.MalformedTaxId:
            continue
    raise AssertionError("none found")


def test_another_kind_of_tax_id_is_told_apart_from_a_typing_error() -> None:
    with pytest.raises(ValidationError, match="not accepted here"):
        TaxIdField(("br:cpf",)).deserialize("11.222.333/0001-81")


@pytest.mark.parametrize("field", [TaxIdField(), EmailField(), PhoneField()])
@pytest.mark.parametrize("typed", [*HOSTILE, None, 7, [], {}, ["a"], True])
def test_hostile_values_are_refused_with_a_sentence(
    field: TaxIdField | EmailField | PhoneField, typed: object
) -> None:
    with pytest.raises(ValidationError) as refusal:
        field.deserialize(typed)
    assert all(isinstance(each, str) and each.endswith(".") for each in refusal.value.messages)


def test_an_address_is_kept_in_lower_case_and_ascii() -> None:
    assert EmailField().deserialize(" Maria@Example.COM ") == "maria@example.com"
    assert EmailField().deserialize("ana@Energía.es") == "ana@xn--energa-7va.es"
    assert EmailField().deserialize("ana@energi\N{COMBINING ACUTE ACCENT}a.es") == (
        "ana@xn--energa-7va.es"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "maria", "joão@exemplo.br", "maria@", "@example.com", "a b@example.com", "a@b",
        "a@example.com\r\nBcc: b@c.de", "a" * 250 + "@example.com", "a@[127.0.0.1]",
        "Maria <maria@example.com>", "a@" + "\N{LATIN SMALL LETTER E WITH ACUTE}." * 60 + "br",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match="name@example.com"):
        EmailField().deserialize(typed)


def test_a_telephone_number_loses_its_punctuation() -> None:
    assert PhoneField().deserialize("(11) 98765-4321") == "11987654321"
    assert PhoneField().deserialize("+55 11 98765 4321") == "+5511987654321"


def test_an_optional_number_may_be_left_out() -> None:
    assert PhoneField(required=False).deserialize("  ") is None


def test_white_space_and_marks_are_dropped_and_names_composed(context: Flask) -> None:
    form, data = posted(
        context,
        tax_id="529.982.247-25",
        email="maria@example.com",
        name=" Jose\N{COMBINING ACUTE ACCENT} \x00\N{RIGHT-TO-LEFT OVERRIDE} ",
        which=["a", "b"],
    )
    assert not form.errors
    assert data is not None
    assert data["name"] == "Jos\N{LATIN SMALL LETTER E WITH ACUTE}"
    assert data["which"] == ["a", "b"]


def test_errors_come_in_the_order_of_the_page(context: Flask) -> None:
    form, data = posted(context)
    assert data is None
    assert list(form.errors) == ["tax_id", "email", "name"]


def test_what_was_typed_is_kept_beside_its_error(context: Flask) -> None:
    form, data = posted(context, tax_id="1", name="x" * 300, which=["a", "b"], password="secret")
    assert data is None
    assert form.values["tax_id"] == "1"
    assert form.errors["name"] == "This is too long."
    assert form.chosen("which") == ["a", "b"]
    assert "password" not in form.values


def test_a_field_posted_twice_counts_once(context: Flask) -> None:
    form, _data = posted(context, name=["Maria", "João"])
    assert form.values["name"] == "Maria"
    assert "name" not in form.errors
