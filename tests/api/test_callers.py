"""Who may report, and on which grants."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db, transaction
from idp.oauth import clients
from idp.oauth.authorization import consents
from idp.oauth.models import Authorization
from tests.api.reporting import (
    World,
    an_application,
    assert_problem,
    bearer,
    persons_token,
    recorded,
    said,
)
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_public_client, a_resource_server
from tests.oauth import flow

ANA = "br:cpf:11144477735"


def test_nobody_reports_without_a_token(world: World) -> None:
    for headers in ({}, flow.basic(world.api), {"Authorization": "Negotiate x"}):
        response = world.client.post(world.path, json={"uses": [world.use()]}, headers=headers)
        assert_problem(response, 401, "token_missing")
        told = response.headers["WWW-Authenticate"]
        assert told.startswith('Bearer realm="outorga", resource_metadata=')
        assert "error" not in told


def test_a_token_in_the_address_or_the_body_is_none(world: World) -> None:
    token = world.token()
    address = f"{world.path}?access_token={token}"
    assert_problem(world.client.post(address, json={"uses": []}), 401, "token_missing")
    assert_problem(
        world.client.post(world.path, data={"access_token": token}), 401, "token_missing"
    )


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 20_000])
def test_what_is_no_token_of_ours_is_refused(world: World, token: str) -> None:
    response = world.client.post(
        world.path, json={}, headers={"Authorization": f"Bearer {token or ' '}"}
    )
    assert_problem(response, 401, "invalid_token")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


def test_who_calls_is_asked_before_anything_is_read(world: World) -> None:
    for path in (world.path, "/api/v1/grants/g_nothing/uses"):
        response = world.client.post(path, data=b"{", content_type="text/plain")
        assert_problem(response, 401, "token_missing")


class TestAClientsOwnToken:
    def test_needs_the_scope(self, world: World) -> None:
        plain = world.token(a_resource_server(scope="bills:read"))
        response = world.report(world.use(), token=plain)
        assert_problem(response, 403, "insufficient_scope")
        assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]

    def test_gets_the_scope_only_where_it_is_registered(self, world: World) -> None:
        plain = a_resource_server(scope="bills:read")
        refused = flow.ask_token(
            world.client, plain, grant_type="client_credentials", scope="grant_uses"
        )
        assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_scope")

    def test_for_another_api_is_not_good_here(self, world: World) -> None:
        api = a_resource_server(scope="grant_uses", resources=("https://bills.example",))
        assert_problem(world.report(world.use(), token=world.token(api)), 401, "invalid_token")
        ours = world.token(api, resource=flow.ISSUER)
        assert world.report(world.use(), token=ours).status_code == 201

    def test_that_was_revoked_is_not_good(self, world: World) -> None:
        token = world.token()
        world.client.post("/oauth/revoke", data={"token": token}, headers=flow.basic(world.api))
        assert_problem(world.report(world.use(), token=token), 401, "invalid_token")

    def test_of_a_disabled_client_is_not_good(self, world: World) -> None:
        token = world.token()
        with transaction():
            clients.disable(world.api.client_id, by=SYSTEM, at=clock.now())
        assert_problem(world.report(world.use(), token=token), 401, "invalid_token")


class TestAnApplicationForItself:
    """It is no resource server: it reports on people who authorised it to tell."""

    def test_reports_on_the_grants_of_those_who_agreed(self, world: World) -> None:
        application = an_application()
        persons_token(world.client, world.joao, application)
        assert world.report(world.use(), token=world.token(application)).status_code == 201

    def test_of_nobody_else_and_the_refusal_tells_nothing(self, world: World) -> None:
        application = an_application()
        persons_token(world.client, world.maria, application)
        token = world.token(application)
        answers = {
            world.report(world.use(), token=token, path=path).text
            for path in (world.path, "/api/v1/grants/g_nothing/uses", "/api/v1/grants/x'--/uses")
        }
        assert len(answers) == 1
        assert_problem(world.report(world.use(), token=token), 404, "not_found")
        assert recorded() == []

    def test_of_nobody_who_agreed_to_something_else(self, world: World) -> None:
        application = an_application()
        persons_token(world.client, world.joao, application, scope="")
        token = world.token(application)
        assert_problem(world.report(world.use(), token=token), 404, "not_found")

    def test_only_of_the_time_in_which_they_agreed(self, world: World) -> None:
        application = an_application()
        persons_token(world.client, world.joao, application)
        now = clock.now()
        authorization = db.session.scalars(select(Authorization)).one()
        authorization.created_at = now - timedelta(minutes=20)
        with transaction():
            consents.withdraw(world.joao, application.client_id, at=now - timedelta(minutes=10))
        token = world.token(application)
        for minutes, status in ((15, 201), (30, 422), (5, 422)):
            use = world.use(at=said(now - timedelta(minutes=minutes)), reference=f"r{minutes}")
            assert world.report(use, token=token).status_code == status, minutes


class TestAPersonsToken:
    @pytest.fixture
    def token(self, world: World) -> str:
        return persons_token(world.client, world.joao, an_application())

    def test_reports_on_what_they_received(self, world: World, token: str) -> None:
        assert world.report(world.use(), token=token).status_code == 201
        assert recorded()[0].client_name == "Segunda via"

    def test_of_a_browser_application_too(self, world: World) -> None:
        application = a_public_client(client_name="App", scope="openid grant_uses")
        token = persons_token(world.client, world.joao, application)
        response = world.report(world.use(), token=token)
        assert response.status_code == 201
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        asked = world.client.options(world.path)
        assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]

    def test_reports_on_nothing_that_others_received_or_gave(self, world: World) -> None:
        ana = an_account(ANA, "Ana Prado", "ana@example.com")
        for person in (world.maria, ana):
            token = persons_token(world.client, person, an_application())
            assert_problem(world.report(world.use(), token=token), 404, "not_found")

    def test_even_through_a_resource_server(self, world: World) -> None:
        application = an_application(introspect=True)
        token = persons_token(world.client, world.maria, application)
        assert_problem(world.report(world.use(), token=token), 404, "not_found")

    def test_needs_the_scope(self, world: World) -> None:
        token = persons_token(world.client, world.joao, an_application(), scope="")
        assert_problem(world.report(world.use(), token=token), 403, "insufficient_scope")

    def test_for_an_api_is_not_good_here(self, world: World) -> None:
        """Else that API could report in the application's name."""
        application = an_application(resources=("https://bills.example",))
        token = persons_token(world.client, world.joao, application)
        assert_problem(world.report(world.use(), token=token), 401, "invalid_token")

    def test_ends_with_the_session(self, world: World) -> None:
        application = an_application()
        token = persons_token(world.client, world.joao, application)
        session = sign_in_as(world.client, world.joao)
        for each in db.session.scalars(select(type(session))):
            each.ended_at = clock.now()
        db.session.commit()
        assert_problem(world.report(world.use(), token=token), 401, "invalid_token")


def test_people_are_asked_before_an_application_may_tell(client: FlaskClient, world: World) -> None:
    sign_in_as(client, world.joao)
    page = flow.authorize(client, an_application(), scope="openid grant_uses")
    assert "It tells those who opened installations to you what you do with them" in page.text


def test_the_scope_is_in_the_metadata(client: FlaskClient) -> None:
    metadata = client.get("/.well-known/openid-configuration").get_json()
    assert "grant_uses" in metadata["scopes_supported"]


def test_a_client_that_is_not_registered_for_it_can_not_ask_for_it(
    client: FlaskClient, world: World
) -> None:
    sign_in_as(client, world.joao)
    answer = flow.authorize(client, a_client(), scope="openid grant_uses")
    assert flow.answered(answer)["error"] == "invalid_scope"


def test_an_allowance_is_one_clients_or_one_persons_through_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.client.application.config, "USE_REPORTS_PER_CLIENT", 1)
    application = an_application()
    persons, use = persons_token(world.client, world.joao, application), world.use()
    for token in (world.token(), persons, world.token(application)):
        sent = {"json": {"uses": [use]}, "headers": bearer(token)}
        assert world.client.post(world.path, **sent).status_code in (200, 201)
        refused = world.client.post(world.path, **sent)
        assert_problem(refused, 429, "too_many_attempts")
        assert int(refused.headers["Retry-After"]) >= 1
