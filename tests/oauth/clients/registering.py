"""What an application does that registers itself, and who invited it."""

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth.clients.invitations import Allowance, invite

METADATA: dict[str, Any] = {
    "client_name": "Bills",
    "redirect_uris": ["https://app.example/callback"],
}


def an_invitation(*, uses: int = 10, days: float = 1, **allowance: Any) -> str:
    """An initial access token."""
    _row, token = invite(
        Allowance(**allowance),
        note="for a test",
        uses=uses,
        life=timedelta(days=days),
        by=SYSTEM,
        at=clock.now(),
    )
    db.session.commit()
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ask(browser: FlaskClient, token: str | None = None, **metadata: Any) -> TestResponse:
    """Ask for a client; None leaves a member out."""
    body = {**METADATA, **metadata}
    body = {name: value for name, value in body.items() if value is not None}
    headers = bearer(token or an_invitation())
    return browser.post("/oauth/register", json=body, headers=headers)


def registered(browser: FlaskClient, token: str | None = None, **metadata: Any) -> dict[str, Any]:
    """What the new client is told."""
    answer = ask(browser, token, **metadata)
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def manage(
    browser: FlaskClient, method: str, known: dict[str, Any], body: Any = None, **headers: str
) -> TestResponse:
    """One request to the client's own address."""
    path = known["registration_client_uri"].removeprefix("http://localhost:8000")
    sent = {**bearer(known["registration_access_token"]), **headers}
    return browser.open(path, method=method, json=body, headers=sent)
