"""How devices and call centres ask, and how a person answers."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp.extensions import db
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.clients import RegisteredClient
from tests import browsing
from tests.factories.oauth import a_client
from tests.oauth import flow

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
CIBA = "urn:openid:params:grant-type:ciba"
NOTIFICATION_ENDPOINT = "https://calls.example/ping"


def a_device(**metadata: Any) -> RegisteredClient:
    """A kiosk that keeps no secret."""
    values = {
        "client_name": "Balcão",
        "grant_types": (DEVICE_CODE, "refresh_token"),
        "token_endpoint_auth_method": "none",
        **metadata,
    }
    return a_client(**values)


def a_call_centre(*, mode: str = "poll", **metadata: Any) -> RegisteredClient:
    """An application of agents on the telephone."""
    values: dict[str, Any] = {
        "client_name": "Atendimento",
        "grant_types": (CIBA, "refresh_token"),
        "backchannel_token_delivery_mode": mode,
        **metadata,
    }
    if mode == "ping":
        values["backchannel_client_notification_endpoint"] = NOTIFICATION_ENDPOINT
    return a_client(**values)


def begin_device(browser: FlaskClient, client: RegisteredClient, **form: str) -> dict[str, Any]:
    """What the device is told."""
    response = ask_device(browser, client, **form)
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def ask_device(browser: FlaskClient, client: RegisteredClient, **form: str) -> TestResponse:
    """The device authorization endpoint's answer."""
    return _as_client(browser, "/oauth/device", client, {"scope": "openid", **form})


def begin_call(browser: FlaskClient, client: RegisteredClient, **form: str) -> dict[str, Any]:
    """What the application is told."""
    response = ask_call(browser, client, **form)
    assert response.status_code == 200, response.text
    return dict(response.get_json())


def ask_call(browser: FlaskClient, client: RegisteredClient, **form: str) -> TestResponse:
    """The backchannel authentication endpoint's answer; an empty value leaves a parameter out."""
    asked = {"scope": "openid", "login_hint": "maria@example.com", **form}
    return _as_client(browser, "/oauth/backchannel-authentication", client, asked)


def poll(browser: FlaskClient, client: RegisteredClient, begun: dict[str, Any]) -> TestResponse:
    """Ask for the outcome."""
    if "device_code" in begun:
        named = {"grant_type": DEVICE_CODE, "device_code": str(begun["device_code"])}
    else:
        named = {"grant_type": CIBA, "auth_req_id": str(begun["auth_req_id"])}
    return flow.ask_token(browser, client, **named)


def error_of(response: TestResponse) -> str:
    """The code of a refusal."""
    assert response.status_code == 400, response.text
    return str(response.get_json()["error"])


def decide_device(
    browser: FlaskClient, begun: dict[str, Any], decision: str = "allow"
) -> TestResponse:
    """Open the page with the code and press a button."""
    page = browser.get("/device", query_string={"user_code": begun["user_code"]})
    return browser.post("/device/decision", data={**fields_of(page), "decision": decision})


def decide_call(browser: FlaskClient, decision: str = "allow") -> TestResponse:
    """Open the latest call's page and press a button."""
    address = call_page()
    page = browser.get(address)
    return browser.post(address, data={**fields_of(page), "decision": decision})


def call_page() -> str:
    """Where the latest call is decided."""
    query = select(PendingApproval.public_id).order_by(PendingApproval.id.desc()).limit(1)
    return f"/approvals/{db.session.scalar(query)}"


def fields_of(page: TestResponse) -> dict[str, str]:
    """The hidden fields of the page's form."""
    assert page.status_code == 200, (page.status_code, page.text[:2000])
    return {each["name"]: each["value"] for each in browsing.read(page).inputs if "name" in each}


def row() -> PendingApproval:
    """The latest request."""
    query = select(PendingApproval).order_by(PendingApproval.id.desc()).limit(1)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _as_client(
    browser: FlaskClient, path: str, client: RegisteredClient, form: dict[str, str]
) -> TestResponse:
    sent = {name: value for name, value in form.items() if value}
    if client.metadata.is_public:
        return browser.post(path, data={"client_id": client.client_id, **sent})
    return browser.post(path, data=sent, headers=flow.basic(client))
