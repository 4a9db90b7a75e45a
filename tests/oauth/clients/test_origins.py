"""Applications in browsers (Fetch standard, CORS): which pages may read our answers."""

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients
from idp.oauth.clients import origins
from tests.factories.oauth import a_client, a_public_client
from tests.oauth.clients.registering import registered

PAGE = "https://app.example"
ENDPOINTS = ("/oauth/token", "/oauth/userinfo", "/oauth/revoke", "/oauth/par", "/oauth/register")
EXPOSED = "Access-Control-Expose-Headers"
ORIGIN = "Access-Control-Allow-Origin"


@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_registered_page_may_ask_and_read(client: FlaskClient, path: str) -> None:
    a_public_client()
    asked = client.options(path, headers={"Origin": PAGE, "Access-Control-Request-Method": "POST"})
    assert asked.headers[ORIGIN] == PAGE
    for header in ("Authorization", "Content-Type", "DPoP"):
        assert header in asked.headers["Access-Control-Allow-Headers"]
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    answer = client.post(path, headers={"Origin": PAGE})
    assert answer.headers[ORIGIN] == PAGE
    assert "DPoP-Nonce" in answer.headers[EXPOSED] and "WWW-Authenticate" in answer.headers[EXPOSED]
    for each in (asked, answer):
        assert "Origin" in each.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in each.headers


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://app.example.evil.example",
        "https://app.example:444",
        "http://app.example",
        "https://APP.example",
        "https://app.example/",
        "null",
        "*",
        "",
    ],
)
def test_another_page_may_not(client: FlaskClient, path: str, origin: str) -> None:
    a_public_client()
    for answer in (
        client.options(path, headers={"Origin": origin}),
        client.post(path, headers={"Origin": origin}),
    ):
        assert ORIGIN not in answer.headers
        assert "Origin" in answer.headers["Vary"]


def test_pages_of_others_than_applications_in_browsers_may_not(client: FlaskClient) -> None:
    a_client()  # keeps a secret: it runs on a server
    a_public_client(application_type="native", redirect_uris=("http://127.0.0.1/cb",))
    for origin in (PAGE, "http://127.0.0.1"):
        assert ORIGIN not in client.post("/oauth/token", headers={"Origin": origin}).headers


def test_a_page_is_no_longer_asked_in_once_its_application_is_disabled(
    client: FlaskClient,
) -> None:
    application = a_public_client()
    assert client.post("/oauth/token", headers={"Origin": PAGE}).headers[ORIGIN] == PAGE
    clients.disable(application.client_id, by=SYSTEM, at=clock.now())
    db.session.commit()
    assert ORIGIN not in client.post("/oauth/token", headers={"Origin": PAGE}).headers


def test_an_application_manages_itself_from_its_own_page(client: FlaskClient) -> None:
    told = registered(client, token_endpoint_auth_method="none")
    path = told["registration_client_uri"].removeprefix("http://localhost:8000")
    asked = client.options(path, headers={"Origin": PAGE})
    assert {"GET", "PUT", "DELETE"} <= {
        each.strip() for each in asked.headers["Access-Control-Allow-Methods"].split(",")
    }
    assert client.get(path, headers={"Origin": PAGE}).headers[ORIGIN] == PAGE


def test_public_documents_are_for_every_page_and_pages_for_none(client: FlaskClient) -> None:
    a_public_client()
    for path in ("/oauth/jwks", "/.well-known/openid-configuration"):
        answer = client.get(path, headers={"Origin": "https://anybody.example"})
        assert answer.headers[ORIGIN] == "*"
    for path in ("authorize", "logout", "introspect"):
        answer = client.get(f"/oauth/{path}", headers={"Origin": PAGE})
        assert ORIGIN not in answer.headers


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("https://app.example/cb?x=1", "https://app.example"),
        ("https://App.Example:443/cb", "https://app.example"),
        ("https://app.example:8443/", "https://app.example:8443"),
        ("http://[::1]:8001/cb", "http://[::1]:8001"),
        ("http://localhost:80/", "http://localhost"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(uri: str, origin: str) -> None:
    assert origins.origin_of(uri) == origin
