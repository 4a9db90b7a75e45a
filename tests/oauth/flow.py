"""A client's habits: build an authorization request, follow it, exchange what comes back."""

import base64
import hashlib
import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests import browsing
from tests.factories.oauth import REDIRECT_URI, SECRET

VERIFIER = "a-code-verifier-of-at-least-43-characters-in-length"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
ISSUER = "http://localhost:8000"


def request_for(client: RegisteredClient, **changes: str | None) -> dict[str, str]:
    """The parameters of an authorization request; None leaves one out."""
    values: dict[str, str | None] = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "state": "a state",
        "nonce": "a nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}


def address_for(client: RegisteredClient, **changes: str | None) -> str:
    """The address that the client sends the browser to."""
    return f"/oauth/authorize?{urlencode(request_for(client, **changes))}"


def authorize(
    browser: FlaskClient, client: RegisteredClient, **changes: str | None
) -> TestResponse:
    """Open that address."""
    return browser.get(address_for(client, **changes))


def agree(browser: FlaskClient, page: TestResponse, decision: str = "allow") -> TestResponse:
    """Press a button of the consent page."""
    fields = {each["name"]: each["value"] for each in browsing.read(page).inputs}
    return browser.post(action_of(page), data={**fields, "decision": decision})


def action_of(page: TestResponse) -> str:
    """Where the page's own form goes: the one with `seen` or a decision in it."""
    found = re.search(r'<form method="post" action="([^"]*/oauth/[^"]*)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def answered(response: TestResponse) -> dict[str, str]:
    """The parameters that went back to the client."""
    assert response.status_code == 303, (response.status_code, response.text[:2000])
    location = response.headers["Location"]
    assert location.startswith(REDIRECT_URI), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def code_for(browser: FlaskClient, client: RegisteredClient, **changes: str | None) -> str:
    """A code, through the consent page if there is one."""
    response = authorize(browser, client, **changes)
    if response.status_code == 200:
        response = agree(browser, response)
    return answered(response)["code"]


def basic(client: RegisteredClient, secret: str = SECRET) -> dict[str, str]:
    """The header of client_secret_basic."""
    pair = urlencode({client.client_id: secret}).replace("=", ":", 1)
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def ask_token(browser: FlaskClient, client: RegisteredClient, **form: str) -> TestResponse:
    """Ask the token endpoint as this client."""
    if client.metadata.is_public:
        return browser.post("/oauth/token", data={"client_id": client.client_id, **form})
    return browser.post("/oauth/token", data=form, headers=basic(client))


def exchange(
    browser: FlaskClient, client: RegisteredClient, code: str, **changes: str
) -> TestResponse:
    """A code for tokens."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        **changes,
    }
    return ask_token(browser, client, **form)


def tokens_for(
    browser: FlaskClient, client: RegisteredClient, **changes: str | None
) -> dict[str, Any]:
    """The whole flow: what the token endpoint gives."""
    response = exchange(browser, client, code_for(browser, client, **changes))
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def refresh(
    browser: FlaskClient, client: RegisteredClient, token: str, **form: str
) -> TestResponse:
    """A refresh token for new tokens."""
    return ask_token(browser, client, grant_type="refresh_token", refresh_token=token, **form)


def introspect(browser: FlaskClient, server: RegisteredClient, token: str) -> dict[str, Any]:
    """What the resource server is told about a token."""
    response = browser.post("/oauth/introspect", data={"token": token}, headers=basic(server))
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def userinfo(browser: FlaskClient, token: str) -> TestResponse:
    """Ask for the claims."""
    return browser.get("/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})


def part(token: str, number: int) -> dict[str, Any]:
    padded = token.split(".")[number] + "=="
    return dict(json.loads(base64.urlsafe_b64decode(padded)))


def header_of(token: str) -> dict[str, Any]:
    """A JWT's header, unverified."""
    return part(token, 0)


def claims_of(token: str) -> dict[str, Any]:
    """A JWT's claims, unverified."""
    return part(token, 1)
