"""No page speaks two languages."""

from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests import messages
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.admin import a_member, sign_in_staff
from tests.factories.grants import a_grant
from tests.factories.registry import an_installation

LOCALES = {"pt-BR": "pt_BR", "es": "es"}
NO_PAGE = ("static", "health.", "metrics.", "oauth.")


class Texts(HTMLParser):
    """Every text of a page, without its scripts, and what is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_data(self, data: str) -> None:
        """White space is evened out."""
        self.found.add(" ".join(data.split()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that are read aloud."""
        self.found |= {value or "" for name, value in attrs if name in ("aria-label", "alt")}


def english(locale: str) -> set[str]:
    """Every English message that reads otherwise in this language."""
    catalogues = [messages.read(name, locale) for name in (*messages.FEATURES, messages.SHARED)]
    known = {each.id: each.string for one in catalogues for each in messages.messages(one)}
    return {msgid for msgid, text in known.items() if isinstance(msgid, str) and text != msgid} - {
        text for text in known.values() if isinstance(text, str)
    }


def pages_of(app: Flask) -> list[str]:
    """The address of every page that needs no id."""
    rules: list[Rule] = list(app.url_map.iter_rules())
    return sorted(
        {
            rule.rule
            for rule in rules
            if not rule.arguments
            and rule.methods
            and "GET" in rule.methods
            and not rule.endpoint.startswith(NO_PAGE)
        }
    )


def leftovers(client: FlaskClient, path: str, language: str) -> set[str]:
    """English sentences on the page in this language."""
    response = client.get(path, headers={"Accept-Language": language}, follow_redirects=True)
    assert response.status_code in (200, 403, 404), path
    texts = Texts()
    texts.feed(response.get_data(as_text=True))
    assert f'lang="{language}"' in response.get_data(as_text=True)
    return texts.found & english(LOCALES[language])


@pytest.mark.parametrize("language", LOCALES)
def test_a_stranger_reads_one_language(app: Flask, client: FlaskClient, language: str) -> None:
    found = {path: leftovers(client, path, language) for path in pages_of(app)}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize("language", LOCALES)
def test_a_customer_reads_one_language(app: Flask, client: FlaskClient, language: str) -> None:
    maria, guest = an_account(), joao()
    installation = an_installation()
    grant = a_grant(maria, guest, [installation])
    sign_in_as(client, maria)
    paths = [
        *pages_of(app),
        f"/installations/{installation.public_id}",
        f"/grants/{grant.public_id}",
        f"/grants/{grant.public_id}/revocation",
    ]
    found = {path: leftovers(client, path, language) for path in paths}
    assert {path: texts for path, texts in found.items() if texts} == {}


@pytest.mark.parametrize("language", LOCALES)
def test_staff_read_one_language(app: Flask, client: FlaskClient, language: str) -> None:
    maria, guest = an_account(), joao()
    grant = a_grant(maria, guest, [an_installation()])
    sign_in_staff(client, a_member())
    paths = [
        *(path for path in pages_of(app) if path.startswith("/admin")),
        f"/admin/accounts/{maria.public_id}",
        f"/admin/accounts/{maria.public_id}/lock",
        f"/admin/grants/{grant.public_id}",
        f"/admin/grants/{grant.public_id}/revocation",
    ]
    found = {path: leftovers(client, path, language) for path in paths}
    assert {path: texts for path, texts in found.items() if texts} == {}
