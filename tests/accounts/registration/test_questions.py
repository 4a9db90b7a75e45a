"""The fields of every market: each is defined once, with what browsers and people need to know."""

from itertools import pairwise

import pytest
from flask import Flask
from marshmallow import ValidationError

from config import market, profiles
from idp.accounts.fields import plain
from idp.accounts.models import AccountKind
from idp.accounts.registration import schemas
from idp.accounts.registration.agency_questions import AGENCY
from idp.accounts.registration.places import STATES
from idp.accounts.registration.questions import QUESTIONS
from idp.accounts.registration.views.sheets import KINDS, Sheet
from idp.terms import Terms

FORMS = [(name, form) for name in profiles.names() for form in profiles.load(name).registration]


def problem(name: str, typed: str, *, required: bool = True) -> str:
    """What is wrong with an answer; empty: nothing."""
    try:
        QUESTIONS[name].read(required).deserialize(typed)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def test_every_field_of_a_profile_is_a_question() -> None:
    assert {*market.FIELDS} == {*QUESTIONS} - {"accept_statement"}


def test_every_kind_and_statement_of_a_profile_exists() -> None:
    assert {*market.KINDS} == {*KINDS} == {each.value for each in AccountKind}
    assert {*market.STATEMENTS} <= {each.value for each in Terms}


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_every_page_of_every_market_can_be_made(
    app: Flask, name: str, form: market.RegistrationForm
) -> None:
    for number in range(1, len(form.steps) + 1):
        sheet = Sheet(form, number)
        assert schemas.schema_of(form, sheet.names).fields
        assert all(str(question.label) for _name, question in sheet.questions)
        assert str(sheet.heading)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_nothing_typed_is_told_with_what_to_do(app: Flask, name: str) -> None:
    with app.test_request_context("/register"):
        assert problem(name, "")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("postal_code", "01310-100"),
        ("creci", "CRECI-SP 12345-F"),
        ("creci", "12.345/J"),
        ("bank_digits", "0000"),
        ("invoice_total", "1.234,56"),
        ("invoice_total", "1 234,56 €"),
        ("invoice_total", "45.67"),
        ("invoice_total", "1'234.50"),
        ("number", "S/N"),
        ("street", "Rua 7 de Setembro, s/n"),
        ("trade_name", "A & B Imóveis (Filial) Ltda."),
        ("state", "SP"),
    ],
)
def test_what_people_write_is_taken(app: Flask, name: str, typed: str) -> None:
    with app.test_request_context("/register"):
        assert problem(name, typed) == ""


@pytest.mark.parametrize("name", sorted(AGENCY))
@pytest.mark.parametrize(
    "typed",
    ["https://evil.example/", "a\x1b[2J", "x" * 5000, "<img src=x onerror=alert(1)>"],
)
def test_what_no_agency_is_called_is_refused(app: Flask, name: str, typed: str) -> None:
    with app.test_request_context("/register"):
        assert problem(name, typed)
        assert problem(name, typed, required=False)


def test_the_states_are_in_the_order_of_their_names() -> None:
    assert len(STATES) == len({code for code, _name in STATES}) == 27
    assert all(plain(one) < plain(other) for (_, one), (_, other) in pairwise(STATES))


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_what_may_have_to_be_answered_is_not_called_optional(
    name: str, form: market.RegistrationForm
) -> None:
    optional = schemas.shown_as_optional(form)
    assert optional <= {*form.optional}
    assert optional.isdisjoint(form.any_of)
    if name == "lt-business":
        assert "contract_number" not in optional
