"""A provider that really listens, and a person with a browser of plain HTTP requests."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from idp import migrations
from idp.extensions import db
from idp.oauth.clients import RegisteredClient
from tests.conftest import make_app
from tests.database import empty_database
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import REDIRECT_URI, SECRET, a_client, a_public_client, a_resource_server
from tests.factories.registry import an_installation

MARIA_TYPES = {"identifier": "529.982.247-25", "password": PASSWORD}
JOAO_TYPES = {"identifier": "390.533.447-05", "password": PASSWORD}
SCOPE = "openid profile email tax_id grants offline_access"


@dataclass(frozen=True)
class Provider:
    """Where it is, who may use it, and what João may see there."""

    issuer: str
    confidential: RegisteredClient
    public: RegisteredClient
    api: RegisteredClient
    secret: str
    installation: str
    grant_id: str


@pytest.fixture(scope="module")
def provider(server_url: str) -> Iterator[Provider]:
    """Maria lets João see one installation."""
    port = free_port()
    issuer = f"http://localhost:{port}"
    with empty_database(server_url, "outorga_interop") as url:
        app = make_app(url, issuer=issuer)
        with app.app_context():
            migrations.apply(db.engine)
            provider = _filled(issuer)
        with serving(app, port):
            yield provider
        app.extensions["oauth_caches"].stop()
        with app.app_context():
            db.engine.dispose()


def _filled(issuer: str) -> Provider:
    maria = an_account()
    installation = an_installation(maria.tax_id)
    grant = a_grant(maria, joao(), [installation])
    return Provider(
        issuer=issuer,
        confidential=a_client(post_logout_redirect_uris=("https://app.example/bye",)),
        public=a_public_client(),
        api=a_resource_server(scope="grant_uses"),
        secret=SECRET,
        installation=installation.code,
        grant_id=grant.public_id,
    )


class serving:
    """The application on a port of this computer, in threads of this process."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server = make_server("localhost", port, app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


class Person:
    """Signs in and agrees wherever a page asks for it."""

    def __init__(self, typed: dict[str, str]) -> None:
        self._typed = typed
        self._browser = requests.Session()

    def walk(self, address: str) -> str:
        """From the client's authorization address to where it leads back to the client."""
        response = self._browser.get(address, allow_redirects=False)
        for _ in range(12):
            if response.is_redirect:
                address = urljoin(address, response.headers["Location"])
                if address.startswith(REDIRECT_URI):
                    return address
                response = self._browser.get(address, allow_redirects=False)
            else:
                assert response.status_code == 200, response.text
                page = Page(response.text)
                answers = {**page.fields, **page.known(self._typed), "decision": "allow"}
                address = urljoin(address, page.action or address)
                response = self._browser.post(address, data=answers, allow_redirects=False)
        raise AssertionError(f"went round in circles at {address}")

    def goes_to(self, address: str) -> str:
        """Where opening this address leads, one step on."""
        return self._browser.get(address, allow_redirects=False).headers["Location"]


class Page(HTMLParser):
    """The one form in the page's main part: where it goes and what it holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.action = ""
        self._in_main = False
        self.feed(text)

    def known(self, typed: dict[str, str]) -> dict[str, str]:
        """What of `typed` this page asks for."""
        return {name: value for name, value in typed.items() if name in self.fields}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note form and fields."""
        attributes = {name: value or "" for name, value in attrs}
        self._in_main = self._in_main or tag == "main"
        if self._in_main and tag == "form":
            self.action = attributes.get("action", "")
        if self._in_main and tag == "input" and "name" in attributes:
            self.fields[attributes["name"]] = attributes.get("value", "")


@pytest.fixture
def maria() -> Person:
    """The holder."""
    return Person(MARIA_TYPES)


@pytest.fixture
def guest() -> Person:
    """João, who may see an installation of Maria's."""
    return Person(JOAO_TYPES)
