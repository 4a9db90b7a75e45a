"""Asking the decision API, and what there is to ask about."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.accounts.models import Account
from idp.grants.models import Grant, Level
from idp.oauth.clients import RegisteredClient
from idp.registry.models import Installation
from tests.factories.accounts import an_account, joao
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client, a_resource_server
from tests.factories.registry import holdings
from tests.oauth import flow

EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
RESOURCES = "/access/v1/search/resource"
SUBJECTS = "/access/v1/search/subject"
ACTIONS = "/access/v1/search/action"
EVERYWHERE = (EVALUATION, EVALUATIONS, RESOURCES, SUBJECTS, ACTIONS)
STRANGER = "br:cpf:11144477735"


@dataclass
class World:
    """Maria has three installations and lets João read the first two."""

    client: FlaskClient
    maria: Account
    joao: Account
    owned: list[Installation]
    grant: Grant
    api: RegisteredClient

    def ask(self, path: str, body: Any, **headers: str) -> TestResponse:
        """As the resource server."""
        sent = {**flow.basic(self.api), **headers}
        return self.client.post(path, json=body, headers=sent)

    def answer(self, path: str, body: Any) -> Any:
        """What a good question gets."""
        response = self.ask(path, body)
        assert response.status_code == 200, response.text
        return response.get_json()

    def may(self, subject: object, action: str, installation: object, **properties: str) -> bool:
        """The bare decision."""
        decision = self.decision(subject, action, installation, **properties)["decision"]
        assert isinstance(decision, bool)
        return decision

    def decision(
        self, subject: object, action: str, installation: object, **properties: str
    ) -> dict[str, Any]:
        """The whole answer."""
        body = question(subject, action, installation, **properties)
        return dict(self.answer(EVALUATION, body))


def a_world(client: FlaskClient, level: Level = Level.READ_ONLY, count: int = 3) -> World:
    maria, guest = an_account(), joao()
    owned = holdings(maria.tax_id, count)
    grant = a_grant(maria, guest, owned[:2], level=level)
    return World(client, maria, guest, owned, grant, a_resource_server())


def question(
    subject: object, action: str, installation: object = None, **properties: str
) -> dict[str, Any]:
    """A question about an account (or a subject's id) and an installation (or a code)."""
    return {
        "subject": {"type": "user", "id": _subject(subject)},
        "action": {"name": action},
        "resource": {
            "type": "installation",
            **({} if installation is None else {"id": _code(installation)}),
            **({"properties": properties} if properties else {}),
        },
    }


def own_token(browser: FlaskClient, scope: str = "openid grants", **changes: str) -> str:
    """An access token of whoever is signed in there, through an application they trust."""
    application = a_client(first_party=True)
    answer = flow.tokens_for(browser, application, scope=scope, **changes)
    return str(answer["access_token"])


def bearer(token: str) -> dict[str, str]:
    """The header (RFC 6750 section 2.1)."""
    return {"Authorization": f"Bearer {token}"}


def _subject(subject: object) -> str:
    return str(subject.tax_id) if isinstance(subject, Account) else str(subject)


def _code(installation: object) -> str:
    return installation.code if isinstance(installation, Installation) else str(installation)
