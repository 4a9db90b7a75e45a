"""Numbers in sentences are written as the language groups digits."""

import pytest
from flask import Flask
from flask_babel import ngettext

SENTENCE = ("%(num)s installation", "%(num)s installations")


@pytest.mark.parametrize(
    ("language", "written"), [("en", "100,000"), ("pt-BR", "100.000"), ("es", "100.000")]
)
def test_a_number_in_a_sentence_is_grouped_in_code_and_in_templates(
    app: Flask, language: str, written: str
) -> None:
    template = app.jinja_env.from_string("{{ ngettext(one, many, 100000) }}")
    with app.test_request_context(f"/?lang={language}"):
        assert ngettext(*SENTENCE, 100000).startswith(f"{written} ")
        one, many = SENTENCE
        assert template.render(one=one, many=many).startswith(f"{written} ")


def test_a_number_that_was_written_already_stays(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ ngettext(one, many, 2, num='two') }}")
    with app.test_request_context("/?lang=en"):
        one, many = SENTENCE
        assert template.render(one=one, many=many) == "two installations"
