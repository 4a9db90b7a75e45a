import ast
from dataclasses import fields
from pathlib import Path

from flask import Flask

from idp.admin.wording_details import LABELS, detail_label, detail_text
from idp.registry.importing import Counts

REFERENCES = {"by", "account", "invitation", "grant", "client", "reason"}  # shown in other ways


def recorded() -> set[str]:
    """The name of every detail that the service gives the trail."""
    names = {field.name for field in fields(Counts)}
    for path in Path("idp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "record":
                names |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return names - REFERENCES


def test_every_detail_of_the_trail_has_its_words() -> None:
    assert set(LABELS) == recorded()


def test_a_detail_is_told_in_words(app: Flask) -> None:
    with app.test_request_context("/?lang=es"):
        assert (detail_label("level"), detail_text("level", "read_only")) == (
            "Nivel",
            "Solo consulta",
        )
        assert detail_text("first_party", True) == "Sí"
        assert detail_text("kinds", ["email", "name"]) == "email, name"
        assert detail_text("installations", 3) == "3"
