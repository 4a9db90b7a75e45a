"""A client's habits with requests that do not travel in the address: pushed, or signed."""

from typing import Any
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.oauth import flow

URN = "urn:ietf:params:oauth:request_uri:"


def send(browser: FlaskClient, client: RegisteredClient, form: dict[str, Any]) -> TestResponse:
    """Post this form to the endpoint, authenticated as the client."""
    headers = {} if client.metadata.is_public else flow.basic(client)
    return browser.post("/oauth/par", data=form, headers=headers)


def push(browser: FlaskClient, client: RegisteredClient, **changes: str | None) -> TestResponse:
    """Push a request."""
    return send(browser, client, flow.request_for(client, **changes))


def name_of(response: TestResponse) -> str:
    """What the request is called now."""
    assert response.status_code == 201, response.text
    return str(response.get_json()["request_uri"])


def address_of(client: RegisteredClient, name: str, **more: str) -> str:
    """Where the browser goes with it."""
    query = {"client_id": client.client_id, "request_uri": name, **more}
    return f"/oauth/authorize?{urlencode(query)}"


def authorize(
    browser: FlaskClient, client: RegisteredClient, **changes: str | None
) -> TestResponse:
    """Push a request and bring it."""
    return browser.get(address_of(client, name_of(push(browser, client, **changes))))
