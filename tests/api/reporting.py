"""Reporting uses of grants, and what there is to report on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants.models import Grant, Level
from idp.grants.use_models import GrantUse
from idp.oauth.clients import RegisteredClient
from idp.registry.models import Installation
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client, a_resource_server
from tests.factories.registry import holdings
from tests.oauth import flow

SCOPE = "grant_uses"


@dataclass
class World:
    """Maria has three installations and lets João act on the first two since an hour."""

    client: FlaskClient
    maria: Account
    joao: Account
    owned: list[Installation]
    grant: Grant
    api: RegisteredClient

    @property
    def path(self) -> str:
        """Where uses of the grant are reported."""
        return path_of(self.grant)

    def report(self, *uses: Any, token: str = "", path: str = "", **headers: str) -> TestResponse:
        """As the API, or with another token."""
        sent = {**bearer(token or self.token()), **headers}
        return self.client.post(path or self.path, json={"uses": list(uses)}, headers=sent)

    def token(self, client: RegisteredClient | None = None, **form: str) -> str:
        """A client's own."""
        form = {"grant_type": "client_credentials", **form}
        answer = flow.ask_token(self.client, client or self.api, **form)
        return str(answer.get_json()["access_token"])

    def use(self, **changes: Any) -> dict[str, Any]:
        """A good one on the first installation; None leaves a member out."""
        values: dict[str, Any] = {
            "reference": "payment-1",
            "at": said(clock.now()),
            "action": "write",
            "installation": self.owned[0].code,
            "description": "Paid the bill of October",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}


def a_world(client: FlaskClient, level: Level = Level.FULL) -> World:
    maria, guest = an_account(), joao()
    owned = holdings(maria.tax_id, 3)
    began = clock.now() - timedelta(hours=1)
    grant = a_grant(maria, guest, owned[:2], level=level, at=began)
    return World(client, maria, guest, owned, grant, a_resource_server(scope=SCOPE))


def path_of(grant: Grant) -> str:
    return f"/api/v1/grants/{grant.public_id}/uses"


def said(at: datetime) -> str:
    """A moment in JSON."""
    return at.isoformat()


def an_application(**metadata: Any) -> RegisteredClient:
    """One that people sign in to, and that may report."""
    return a_client(**{"client_name": "Segunda via", "scope": f"openid {SCOPE}", **metadata})


def persons_token(
    browser: FlaskClient, account: Account, client: RegisteredClient, scope: str = SCOPE
) -> str:
    """What the application gets when this person signs in to it."""
    sign_in_as(browser, account)
    answer = flow.tokens_for(browser, client, scope=f"openid {scope}")
    return str(answer["access_token"])


def bearer(token: str) -> dict[str, str]:
    """The header (RFC 6750 section 2.1)."""
    return {"Authorization": f"Bearer {token}"}


def recorded() -> list[GrantUse]:
    """Every use on record, the oldest first."""
    return list(db.session.scalars(select(GrantUse).order_by(GrantUse.id)))


def assert_problem(response: TestResponse, status: int, code: str) -> Mapping[str, Any]:
    """Problem details with this code; returns them."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), (
        response.status_code,
        response.text[:500],
    )
    body: dict[str, Any] = response.get_json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    assert response.headers["Cache-Control"] == "no-store"
    return body
