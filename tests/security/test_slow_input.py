"""A quarter of a megabyte in one field costs milliseconds, whatever it consists of."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from marshmallow import ValidationError

from idp import taxids
from idp.fields import EmailField, PhoneField
from idp.forms import cleaned
from idp.logs import clean
from idp.taxids import MalformedTaxId

SIZE = 256 * 1024
SECONDS = 1.0
PIECES = (
    *("a", "A", "1", "-", ".", "@", "a.", "a-", "a@", "a@b", "a@b.", "%40", "?", "?a=", "://"),
    *("://a", "-eyJ", "eyJ.", "$argon2", "br:cpf:", "1.1", "1111111-", "A" * 43 + "-", "DETAIL:  "),
)


def took(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("piece", PIECES)
def test_cleaning_a_log_line_takes_time_in_proportion_to_its_length(piece: str) -> None:
    assert took(lambda: clean(piece * (SIZE // len(piece)))) < SECONDS


@pytest.mark.parametrize("accents", ["\u0301\u0327", "\u0301\u0327\u0328", "\u0315\u0300\u05ae"])
def test_accents_in_disorder_cost_nothing(app: Flask, accents: str) -> None:
    hostile = "a" + accents * (SIZE // (2 * len(accents)))
    assert took(lambda: cleaned("name", hostile)) < SECONDS
    for field in (EmailField(), PhoneField()):
        with app.test_request_context():
            assert took(lambda field=field: _refused(field, hostile)) < SECONDS  # type: ignore[misc]


@pytest.mark.parametrize("piece", ["1", "-", "A", "\u0301", "١", ".", "PT"])
def test_a_tax_id_of_any_length_is_refused_at_once(piece: str) -> None:
    def read() -> None:
        with pytest.raises(MalformedTaxId):
            taxids.parse(piece * (SIZE // len(piece)))

    assert took(read) < SECONDS


def _refused(field: EmailField | PhoneField, value: str) -> None:
    with pytest.raises(ValidationError):
        field.deserialize(value)
