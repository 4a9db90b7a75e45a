"""How passwords are typed: masked, by hand, by manager or pasted, and compared as they are."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.browsing import post, read
from tests.factories.accounts import an_account

IDP = Path(__file__).parents[2] / "idp"
MACROS = IDP / "templates" / "components" / "forms.html"
INPUT = re.compile(r"<input\b[^>]*>", re.DOTALL)


def sources(pattern: str) -> dict[Path, str]:
    return {path: path.read_text("utf-8") for path in IDP.rglob(pattern)}


def test_there_is_one_kind_of_password_field_and_it_is_masked() -> None:
    (field,) = [each for each in INPUT.findall(MACROS.read_text("utf-8")) if "data-show" in each]
    assert 'type="password"' in field
    for path, text in sources("templates/**/*.html").items():
        for each in INPUT.findall(text):
            assert path == MACROS or "password" not in each, path


def test_nothing_keeps_anybody_from_pasting_or_from_a_password_manager() -> None:
    field = MACROS.read_text("utf-8").partition("macro password(")[2].partition("endmacro")[0]
    for hindrance in ("maxlength", "readonly", "pattern=", 'autocomplete="off"'):
        assert hindrance not in field
    for path, text in {**sources("templates/**/*.html"), **sources("static/*.js")}.items():
        for hindrance in ("onpaste", "oncopy", "ondrop", "oncontextmenu"):
            assert hindrance not in text, path
        if "paste" in text and path.suffix == ".js":
            assert "password" not in text[max(0, text.index("paste") - 500) :][:1000], path


def test_the_pages_name_what_a_manager_fills_in(client: FlaskClient) -> None:
    fields = {each.get("name"): each for each in read(client.get("/login")).inputs}
    assert fields["identifier"]["autocomplete"].startswith("username")
    assert fields["password"]["autocomplete"] == "current-password"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("  Correct horse battery staple ", "/"),
        ("Correct horse battery staple", None),
        ("  correct horse battery staple ", None),
        ("  Correct horse battery staple x", None),
        ("  Correct horse battery", None),
    ],
)
def test_a_password_is_compared_as_it_was_typed(
    app: Flask, client: FlaskClient, typed: str, place: str | None
) -> None:
    an_account(password="  Correct horse battery staple ")
    answer = post(client, "/login", {"identifier": "529.982.247-25", "password": typed})
    assert answer.location == place
