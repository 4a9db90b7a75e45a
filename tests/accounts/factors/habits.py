"""What people with second factors do, by way of the pages."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from idp.accounts.models import Account, BrowserSession
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.mail.models import Mail
from tests.browsing import csrf_token, post
from tests.factories.accounts import PASSWORD
from tests.factories.factors import Authenticator

FACTOR = "/login/factor"
NEW_PASSKEY = "/account/security/passkeys/new"
APP = "/account/security/app"


def give_password(client: FlaskClient, path: str = "/login", **data: str) -> TestResponse:
    """The first half of signing in as Maria."""
    typed = {"identifier": "529.982.247-25", "password": PASSWORD, **data}
    return post(client, path, typed)


def give_code(client: FlaskClient, code: str, **data: str) -> TestResponse:
    """The second half."""
    return post(client, FACTOR, {"code": code, **data})


def challenge(client: FlaskClient, path: str, *, form_path: str) -> str:
    """What the script asks for on the page at `form_path`."""
    token = csrf_token(client, form_path)
    response = client.post(path, headers={"X-CSRFToken": token})
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    return response.text


def sign_in_by_passkey(client: FlaskClient, device: Authenticator) -> TestResponse:
    """Without a password."""
    asked = challenge(client, "/login/passkey/challenge", form_path="/login")
    return post(client, "/login/passkey", {"credential": device.get(asked)}, form_path="/login")


def give_passkey(client: FlaskClient, device: Authenticator) -> TestResponse:
    """After the password."""
    asked = challenge(client, f"{FACTOR}/passkey/challenge", form_path=FACTOR)
    answer = {"credential": device.get(asked)}
    return post(client, f"{FACTOR}/passkey", answer, form_path=FACTOR)


def register(client: FlaskClient, device: Authenticator, name: str = "My phone") -> TestResponse:
    """Add a passkey to the account that is signed in."""
    asked = challenge(client, f"{NEW_PASSKEY}/challenge", form_path=NEW_PASSKEY)
    return post(client, NEW_PASSKEY, {"name": name, "credential": device.create(asked)})


def sessions_of(account: Account) -> list[BrowserSession]:
    """Those that have not ended, in order."""
    query = select(BrowserSession).filter_by(account_id=account.id, ended_at=None)
    return list(db.session.scalars(query.order_by(BrowserSession.id)))


def mails() -> list[str]:
    """The templates of all mails, in order."""
    return list(db.session.scalars(select(Mail.template).order_by(Mail.id)))


def events(name: str) -> list[AuditEvent]:
    """Those of this kind, in order."""
    return list(
        db.session.scalars(select(AuditEvent).filter_by(event=name).order_by(AuditEvent.id))
    )


def count(app: Flask, model: type) -> int:
    """How many rows there are; with a context of its own."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
