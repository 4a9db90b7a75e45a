"""Who may ask, and about whom."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db, transaction
from idp.oauth import clients
from idp.oauth.clients import RegisteredClient
from tests.access.asking import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    EVERYWHERE,
    RESOURCES,
    STRANGER,
    SUBJECTS,
    World,
    bearer,
    own_token,
    question,
)
from tests.browsing import sign_in_as
from tests.factories.oauth import SECRET, a_client, a_public_client, a_resource_server
from tests.oauth import flow


def good(world: World, who: object = None) -> dict[str, Any]:
    return question(who or world.joao, "read", world.owned[0])


def ask(
    world: World, headers: dict[str, str], path: str = EVALUATION, body: Any = None
) -> TestResponse:
    return world.client.post(path, json=body or good(world), headers=headers)


def client_token(world: World, client: RegisteredClient, **form: str) -> str:
    answer = flow.ask_token(world.client, client, grant_type="client_credentials", **form)
    return str(answer.get_json()["access_token"])


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nobody_asks_without_saying_who_they_are(world: World, path: str) -> None:
    response = ask(world, {}, path)
    assert response.status_code == 401
    assert response.get_json()["error"] == "invalid_client"
    challenges = response.headers.getlist("WWW-Authenticate")
    assert {each.split()[0] for each in challenges} == {"Basic", "Bearer", "DPoP"}
    assert response.headers["Cache-Control"] == "no-store"


def test_wrong_credentials_all_look_alike(world: World) -> None:
    public = a_public_client()
    answers = [
        ask(world, flow.basic(world.api, "wrong")),
        ask(world, flow.basic(world.api, "")),
        ask(world, flow.basic(public)),
        ask(world, {"Authorization": "Basic !!!"}),
        ask(world, {"Authorization": "Negotiate x"}),
        world.client.post(EVALUATION, data={"client_id": public.client_id}),
        world.client.post(EVALUATION, data={"client_id": world.api.client_id}),
    ]
    assert {(each.status_code, each.text) for each in answers} == {
        (401, answers[0].text),
    }


def test_who_is_asked_about_does_not_change_the_refusal(world: World) -> None:
    for who in (world.joao, STRANGER):
        assert ask(world, {}, body=good(world, who)).status_code == 401
    plain = a_client()
    told = {ask(world, flow.basic(plain), body=good(world, who)).text for who in ("x", world.joao)}
    assert len(told) == 1


@pytest.mark.parametrize("path", EVERYWHERE)
def test_only_resource_servers_may_ask_about_everybody(world: World, path: str) -> None:
    response = ask(world, flow.basic(a_client()), path)
    assert (response.status_code, response.get_json()["error"]) == (403, "access_denied")


def test_a_secret_in_a_form_is_no_question(world: World) -> None:
    posting = a_resource_server(token_endpoint_auth_method="client_secret_post")
    form = {"client_id": posting.client_id, "client_secret": SECRET}
    response = world.client.post(EVALUATION, data=form)
    assert (response.status_code, response.get_json()["error"]) == (400, "invalid_request")
    token = world.client.post("/oauth/token", data={**form, "grant_type": "client_credentials"})
    good_one = bearer(token.get_json()["access_token"])
    assert ask(world, good_one).get_json()["decision"] is True


def test_a_disabled_resource_server_is_turned_away(world: World) -> None:
    token = client_token(world, world.api)
    with transaction():
        clients.disable(world.api.client_id, by=SYSTEM, at=clock.now())
    assert ask(world, flow.basic(world.api)).status_code == 401
    assert ask(world, bearer(token)).status_code == 401


class TestAClientsOwnToken:
    def test_of_a_resource_server_is_good(self, world: World) -> None:
        response = ask(world, bearer(client_token(world, world.api)), SUBJECTS)
        assert response.status_code == 200

    def test_of_another_client_is_not(self, world: World) -> None:
        assert ask(world, bearer(client_token(world, a_client()))).status_code == 403

    def test_for_another_api_is_not(self, world: World) -> None:
        """Else that API could ask about everybody in the resource server's name."""
        api = a_resource_server(resources=("https://bills.example",))
        assert ask(world, bearer(client_token(world, api))).status_code == 401
        ours = client_token(world, api, resource=flow.ISSUER)
        assert ask(world, bearer(ours)).status_code == 200

    def test_that_was_revoked_is_not(self, world: World) -> None:
        token = client_token(world, world.api)
        world.client.post("/oauth/revoke", data={"token": token}, headers=flow.basic(world.api))
        response = ask(world, bearer(token))
        assert response.status_code == 401
        assert 'error="invalid_token"' in response.headers.getlist("WWW-Authenticate")[0]


class TestAPersonsToken:
    @pytest.fixture
    def token(self, world: World) -> str:
        sign_in_as(world.client, world.joao)
        return own_token(world.client)

    def test_answers_about_themselves(self, world: World, token: str) -> None:
        assert ask(world, bearer(token)).get_json()["decision"] is True
        found = ask(world, bearer(token), RESOURCES).get_json()["results"]
        assert [each["id"] for each in found] == [each.code for each in world.owned[:2]]
        names = ask(world, bearer(token), ACTIONS).get_json()["results"]
        assert names == [{"name": "read"}]

    @pytest.mark.parametrize("path", [EVALUATION, EVALUATIONS, RESOURCES, ACTIONS])
    def test_says_nothing_about_others(self, world: World, token: str, path: str) -> None:
        for who in (world.maria, STRANGER, "nobody"):
            response = ask(world, bearer(token), path, good(world, who))
            assert (response.status_code, response.get_json()["error"]) == (403, "access_denied")

    def test_says_nothing_about_others_among_several(self, world: World, token: str) -> None:
        body = {"evaluations": [good(world), {}, good(world, world.maria)]}
        assert ask(world, bearer(token), EVALUATIONS, body).status_code == 403
        body["evaluations"].pop()
        answer = ask(world, bearer(token), EVALUATIONS, body).get_json()["evaluations"]
        assert [each["decision"] for each in answer] == [True, False]

    def test_says_nothing_about_who_else_may(self, world: World, token: str) -> None:
        assert ask(world, bearer(token), SUBJECTS).status_code == 403

    def test_needs_the_scope(self, world: World) -> None:
        sign_in_as(world.client, world.joao)
        response = ask(world, bearer(own_token(world.client, scope="openid")))
        assert (response.status_code, response.get_json()["error"]) == (403, "insufficient_scope")

    def test_ends_with_the_session(self, world: World) -> None:
        session = sign_in_as(world.client, world.joao)
        token = own_token(world.client)
        session.ended_at = clock.now()
        db.session.commit()
        assert ask(world, bearer(token)).status_code == 401

    def test_ends_with_a_lock(self, world: World, token: str) -> None:
        world.joao.locked_at = clock.now()
        db.session.commit()
        assert ask(world, bearer(token)).status_code == 401

    @pytest.mark.parametrize("change", ["", "x", "eyJhbGciOiJub25lIn0.e30.", "é"])
    def test_must_be_ours(self, world: World, change: str) -> None:
        assert ask(world, {"Authorization": f"Bearer {change}"}).status_code == 401

    def test_an_id_token_is_none(self, world: World) -> None:
        sign_in_as(world.client, world.joao)
        answer = flow.tokens_for(world.client, a_client(first_party=True))
        assert ask(world, bearer(answer["id_token"])).status_code == 401


def test_a_browser_application_may_read_the_answers(client: FlaskClient) -> None:
    response = client.options(RESOURCES, headers={"Origin": "https://app.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_signed_in_browser_is_no_caller(world: World) -> None:
    sign_in_as(world.client, world.joao)
    assert ask(world, {}).status_code == 401
