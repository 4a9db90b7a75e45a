"""A mail template that exists in the tests only."""

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

TEMPLATES = {
    "mail/test_greeting/subject.txt": "{{ _('Sign in') }}: {{ word }}\n",
    "mail/test_greeting/body.txt": "Olá, {{ recipient_name }}. {{ link('/x/', purpose='test', "
    "reference='r_1') }}\n",
    "mail/test_greeting/body.html": "<p lang='{{ current_language() }}'>Olá, "
    "{{ recipient_name }}</p>",
    "mail/test_broken/subject.txt": "{{ missing.attribute }}",
}


def with_test_templates(app: Flask) -> None:
    """Let `app` find them."""
    loader = app.jinja_env.loader
    assert loader is not None
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), loader])


@pytest.fixture(autouse=True)
def greeting(migrated_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The template `test_greeting`."""
    loader = migrated_app.jinja_env.loader
    assert loader is not None
    monkeypatch.setattr(
        migrated_app.jinja_env, "loader", ChoiceLoader([DictLoader(TEMPLATES), loader])
    )
