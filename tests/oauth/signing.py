"""A client that signs its requests, and the keys of one."""

from typing import Any

from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey, Key
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth.clients import RegisteredClient
from tests.factories.oauth import a_client
from tests.oauth import flow

KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
TYPE = "oauth-authz-req+jwt"


def a_signing_client(**metadata: Any) -> RegisteredClient:
    """One whose registered key is `KEY`."""
    values = {"jwks": {"keys": [KEY.as_dict(private=False)]}, "first_party": True, **metadata}
    return a_client(**values)


def claims_for(client: RegisteredClient, **changes: Any) -> dict[str, Any]:
    """What stands in a good request object; None leaves a claim out."""
    now = int(clock.now().timestamp())
    claims = {
        **flow.request_for(client),
        "iss": client.client_id,
        "aud": flow.ISSUER,
        "exp": now + 300,
        "nbf": now,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def signed(
    client: RegisteredClient,
    *,
    key: Key = KEY,
    header: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """A request object; `changes` are of its claims."""
    head = {"alg": "ES256", "kid": key.kid, "typ": TYPE, **(header or {})}
    kept = {name: value for name, value in head.items() if value is not None}
    return jwt.encode(kept, claims_for(client, **changes), key, [kept["alg"]])


def bring(browser: FlaskClient, client: RegisteredClient, text: str, **more: str) -> TestResponse:
    """Come with a request object; where the browser is sent on with a name, follow it."""
    query = {"client_id": client.client_id, "request": text, **more}
    response = browser.get("/oauth/authorize", query_string=query)
    location = response.headers.get("Location", "")
    return browser.get(location) if location.startswith("/oauth/authorize?") else response


def error_of(response: TestResponse) -> str:
    """The code of the error, sent back to the client or shown on a page."""
    if response.status_code == 303:
        return flow.answered(response)["error"]
    assert response.status_code == 400, (response.status_code, response.headers.get("Location"))
    return response.text.partition('id="error-code">')[2].partition("<")[0]
