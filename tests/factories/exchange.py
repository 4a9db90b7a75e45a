"""Somebody who may act for a holder, and an API that understands it."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.accounts.models import Account
from idp.grants.models import Grant, Level, Relation
from idp.oauth.clients import RegisteredClient
from idp.registry.models import Installation
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client, a_resource_server
from tests.factories.registry import holdings
from tests.oauth import flow

API = "https://api.example"
ORDINARY = ("authorization_code", "refresh_token", "client_credentials")
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
GRANT_HANDLE = "urn:outorga:token-type:grant"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"


@dataclass
class Delegation:
    """João, signed in, may act for Maria at `API`, which knows `act`."""

    browser: FlaskClient
    maria: Account
    joao: Account
    grant: Grant
    installations: list[Installation]
    application: RegisteredClient
    api: RegisteredClient

    def actor_token(self, **changes: str | None) -> str:
        """João's own access token."""
        asked = {"scope": "openid grants bills:read", **changes}
        return str(flow.tokens_for(self.browser, self.application, **asked)["access_token"])

    def ask(self, **changes: str) -> TestResponse:
        """What the token endpoint answers; with João's token unless another is given."""
        return ask(self.browser, self.application, self.grant.public_id, **self._with(changes))

    def token(self, **changes: str) -> dict[str, Any]:
        """A token in Maria's name."""
        response = self.ask(**changes)
        assert response.status_code == 200, response.text
        return dict(response.get_json())

    def _with(self, changes: dict[str, str]) -> dict[str, str]:
        return (
            changes if "actor_token" in changes else {"actor_token": self.actor_token()} | changes
        )


def ask(
    browser: FlaskClient, client: RegisteredClient, grant_id: str, **changes: str
) -> TestResponse:
    """A grant for a token; an empty value leaves a parameter out."""
    return flow.ask_token(browser, client, **exchange_form(grant_id, **changes))


def exchange_form(grant_id: str, **changes: str) -> dict[str, str]:
    """What the client sends; an empty value leaves a parameter out."""
    form = {
        "grant_type": TOKEN_EXCHANGE,
        "subject_token": grant_id,
        "subject_token_type": GRANT_HANDLE,
        "actor_token_type": ACCESS_TOKEN,
        "resource": API,
        **changes,
    }
    return {name: each for name, each in form.items() if each}


def a_delegation(
    browser: FlaskClient, *, level: Level = Level.READ_ONLY, count: int = 2, **grant: Any
) -> Delegation:
    """Maria has `count` installations and lets João see them."""
    maria, guest = an_account(), joao()
    installations = holdings(maria.tax_id, count)
    values = {"relation": Relation.DELEGATE, **grant}
    sign_in_as(browser, guest)
    return Delegation(
        browser=browser,
        maria=maria,
        joao=guest,
        grant=a_grant(maria, guest, installations, level=level, **values),
        installations=installations,
        application=a_client(
            first_party=True,
            grant_types=(*ORDINARY, TOKEN_EXCHANGE),
            resources=(API, "https://plain.example"),
            scope="openid profile email grants offline_access bills:read bills:write",
        ),
        api=a_resource_server(resources=(API,), act_aware=True),
    )
