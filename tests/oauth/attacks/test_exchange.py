"""Token exchange, as an attacker tries it."""

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.extensions import db
from idp.grants import services
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.exchange import (
    API,
    ORDINARY,
    TOKEN_EXCHANGE,
    Delegation,
    a_delegation,
    ask,
)
from tests.factories.grants import a_grant
from tests.factories.oauth import a_client, a_public_client
from tests.factories.registry import holdings
from tests.oauth import flow

RITA = "br:cpf:11144477735"


@pytest.fixture
def delegation(client: FlaskClient) -> Delegation:
    return a_delegation(client)


def test_an_unknown_an_others_and_an_ended_grant_answer_alike(delegation: Delegation) -> None:
    rita = an_account(RITA, "Rita Alves", "rita@example.com")
    others = a_grant(delegation.maria, rita, delegation.installations)
    ended = a_grant(delegation.maria, delegation.joao, holdings(delegation.maria.tax_id, 1))
    services.revoke(ended, by=delegation.maria.actor, at=clock.now())
    db.session.commit()
    actor = delegation.actor_token()
    answers = {
        (answer.status_code, answer.text)
        for name in ("g_unknown", "g\x00", "é" * 80, others.public_id, ended.public_id)
        for answer in [ask(delegation.browser, delegation.application, name, actor_token=actor)]
    }
    assert len(answers) == 1
    assert '"invalid_request"' in answers.pop()[1]


def test_knowing_a_grant_id_gives_nobody_else_anything(delegation: Delegation) -> None:
    """The holder herself is not its delegate; nor is a thief with an application of their own."""
    sign_in_as(delegation.browser, delegation.maria)
    assert delegation.ask().get_json()["error"] == "invalid_request"


def test_a_token_of_another_application_is_worth_nothing(delegation: Delegation) -> None:
    thief = a_client(first_party=True, grant_types=(*ORDINARY, TOKEN_EXCHANGE), resources=(API,))
    actor = delegation.actor_token()
    answer = ask(delegation.browser, thief, delegation.grant.public_id, actor_token=actor)
    assert answer.get_json()["error"] == "invalid_request"


def test_a_token_made_by_exchange_is_no_actor_token(delegation: Delegation) -> None:
    made = delegation.token()["access_token"]
    assert delegation.ask(actor_token=made).get_json()["error"] == "invalid_request"


def test_an_id_token_a_clients_own_token_and_nonsense_are_no_actor_tokens(
    delegation: Delegation,
) -> None:
    tokens = flow.tokens_for(delegation.browser, delegation.application, scope="openid grants")
    own = flow.ask_token(
        delegation.browser, delegation.application, grant_type="client_credentials"
    ).get_json()["access_token"]
    changed = tokens["access_token"][:-4] + "AAAA"
    for token in (tokens["id_token"], own, changed, "nonsense", "a.b.c"):
        answer = delegation.ask(actor_token=token)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_a_revoked_actor_token_is_worth_nothing(delegation: Delegation) -> None:
    actor = delegation.actor_token()
    delegation.browser.post(
        "/oauth/revoke", data={"token": actor}, headers=flow.basic(delegation.application)
    )
    assert delegation.ask(actor_token=actor).get_json()["error"] == "invalid_request"


def test_a_resource_server_that_passes_over_act_gets_no_such_token(delegation: Delegation) -> None:
    for resource in ("https://plain.example", "https://unknown.example", "http://localhost:8000"):
        answer = delegation.ask(resource=resource)
        assert answer.get_json()["error"] == "invalid_target", resource


def test_a_client_without_a_secret_can_t_act_for_anybody(delegation: Delegation) -> None:
    public = a_public_client(first_party=True, resources=(API,), scope="openid grants")
    actor = flow.tokens_for(delegation.browser, public, scope="openid grants")["access_token"]
    answer = ask(delegation.browser, public, delegation.grant.public_id, actor_token=actor)
    assert answer.get_json()["error"] == "unauthorized_client"


def test_a_wrong_secret_is_refused_before_anything_is_read(delegation: Delegation) -> None:
    headers = flow.basic(delegation.application, "a wrong secret")
    data = {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange"}
    answer = delegation.browser.post("/oauth/token", data=data, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_uses_of_the_grant_can_t_be_reported_with_it(delegation: Delegation) -> None:
    token = delegation.token()["access_token"]
    answer = delegation.browser.post(
        f"/api/v1/grants/{delegation.grant.public_id}/uses",
        headers={"Authorization": f"Bearer {token}"},
        json={"uses": []},
    )
    assert answer.status_code == 401
