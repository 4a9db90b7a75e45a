"""RFC 9470, OAuth 2.0 Step Up Authentication Challenge Protocol."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from idp.accounts.sessions import ACR_ONE_FACTOR, ACR_TWO_FACTORS
from idp.extensions import db
from tests.conformance.conftest import World
from tests.factories.oauth import a_client
from tests.oauth import flow, proving
from tests.oauth.proving import a_key, proof

SCOPES = "openid email grants grant_uses"
SENSITIVE = ("email", "grants", "grant_uses")


@pytest.fixture
def sensitive(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that serves some scopes only to who showed two factors."""
    monkeypatch.setitem(app.config, "STEP_UP_SCOPES", SENSITIVE)


@pytest.fixture
def recent(sensitive: None, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """… and signed in within five minutes."""
    monkeypatch.setitem(app.config, "STEP_UP_SECONDS", 300)


def with_two_factors(world: World, *, ago: timedelta = timedelta(0)) -> None:
    """Maria showed a code as well, some time ago."""
    world.session.amr = ["pwd", "otp"]
    world.session.authenticated_at -= ago
    db.session.commit()


def token_of(world: World, scope: str = SCOPES) -> str:
    client = a_client(first_party=True, scope=SCOPES)
    return str(flow.tokens_for(world.browser, client, scope=scope)["access_token"])


def parameters(response: TestResponse) -> dict[str, str]:
    """Of the first challenge."""
    assert response.status_code == 401, response.text
    return dict(re.findall(r'(\w+)="([^"]*)"', response.headers.getlist("WWW-Authenticate")[0]))


@pytest.mark.usefixtures("sensitive")
def test_3_a_token_of_a_lesser_sign_in_is_answered_by_a_challenge_that_says_what_it_takes(
    world: World,
) -> None:
    told = parameters(flow.userinfo(world.browser, token_of(world)))
    assert told["error"] == "insufficient_user_authentication"
    assert told["acr_values"] == ACR_TWO_FACTORS
    assert "max_age" not in told


@pytest.mark.usefixtures("recent")
def test_3_max_age_is_told_where_the_sign_in_has_to_be_recent(world: World) -> None:
    with_two_factors(world, ago=timedelta(minutes=6))
    token = token_of(world)
    told = parameters(flow.userinfo(world.browser, token))
    assert (told["error"], told["max_age"]) == ("insufficient_user_authentication", "300")


@pytest.mark.usefixtures("recent")
def test_3_a_token_that_is_enough_is_served(world: World) -> None:
    with_two_factors(world, ago=timedelta(minutes=4))
    assert flow.userinfo(world.browser, token_of(world)).status_code == 200


@pytest.mark.usefixtures("sensitive")
def test_3_what_is_not_sensitive_is_served_to_everybody(world: World) -> None:
    assert flow.userinfo(world.browser, token_of(world, "openid")).status_code == 200


@pytest.mark.usefixtures("sensitive")
@pytest.mark.parametrize("path", ["/access/v1/evaluation", "/api/v1/grants/g_x/uses"])
def test_3_our_other_apis_ask_for_it_too(world: World, path: str) -> None:
    def ask() -> TestResponse:
        headers = {"Authorization": f"Bearer {token_of(world)}"}
        return world.browser.post(path, json={}, headers=headers)

    assert parameters(ask())["acr_values"] == ACR_TWO_FACTORS
    with_two_factors(world)
    assert ask().status_code not in (401, 403)


@pytest.mark.usefixtures("sensitive")
def test_3_the_challenge_has_the_scheme_that_the_token_was_shown_by(world: World) -> None:
    key = a_key()
    token = proving.tokens_for(world.browser, world.trusted, key, scope="openid email")[
        "access_token"
    ]
    shown = proof(key, "GET", proving.USERINFO, token=token)
    response = proving.userinfo(world.browser, token, shown)
    assert parameters(response)["error"] == "insufficient_user_authentication"
    assert response.headers["WWW-Authenticate"].startswith("DPoP ")


@pytest.mark.usefixtures("sensitive")
def test_3_a_clients_own_token_has_nobody_who_could_sign_in_again(world: World) -> None:
    client = a_client(
        grant_types=("client_credentials",), introspect=True, scope="grant_uses", redirect_uris=()
    )
    token = flow.ask_token(world.browser, client, grant_type="client_credentials").get_json()[
        "access_token"
    ]
    headers = {"Authorization": f"Bearer {token}"}
    answer = world.browser.post("/access/v1/evaluation", json={}, headers=headers)
    assert answer.status_code == 400


def test_4_the_authorization_endpoint_honours_acr_values(world: World) -> None:
    answer = flow.authorize(world.browser, world.trusted, acr_values=ACR_TWO_FACTORS)
    assert answer.status_code == 303
    assert not answer.headers["Location"].startswith("https://app.example")
    with_two_factors(world)
    code = flow.code_for(world.browser, world.trusted, acr_values=ACR_TWO_FACTORS)
    token = flow.exchange(world.browser, world.trusted, code).get_json()["access_token"]
    assert flow.claims_of(token)["acr"] == ACR_TWO_FACTORS


def test_4_the_authorization_endpoint_honours_max_age(world: World) -> None:
    world.session.authenticated_at -= timedelta(minutes=6)
    db.session.commit()
    answer = flow.authorize(world.browser, world.trusted, max_age="300")
    assert "/login" in answer.headers["Location"]
    assert flow.code_for(world.browser, world.trusted, max_age="3600")


def test_5_what_cannot_be_met_is_an_error_of_its_own(world: World) -> None:
    claims = '{"id_token":{"acr":{"essential":true,"value":"urn:outorga:aal2"}}}'
    answer = flow.authorize(world.browser, world.trusted, claims=claims, prompt="none")
    assert flow.answered(answer)["error"] == "interaction_required"


def test_6_1_the_access_token_says_how_and_when_the_person_signed_in(world: World) -> None:
    claims = flow.claims_of(token_of(world))
    assert claims["acr"] == ACR_ONE_FACTOR
    assert claims["auth_time"] == int(world.session.authenticated_at.timestamp())


def test_6_2_and_so_does_introspection(world: World) -> None:
    client = a_client(first_party=True, resources=("https://api.example",))
    token = flow.tokens_for(world.browser, client)["access_token"]
    told = flow.introspect(world.browser, world.api, token)
    assert told["acr"] == ACR_ONE_FACTOR
    assert told["auth_time"] == int(world.session.authenticated_at.timestamp())


def test_7_the_metadata_names_the_values_of_acr(world: World) -> None:
    metadata = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert set(metadata["acr_values_supported"]) == {ACR_ONE_FACTOR, ACR_TWO_FACTORS}
