"""RFC 8693, OAuth 2.0 Token Exchange; attacks are in tests/oauth/attacks."""

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import JOAO, MARIA
from tests.factories.exchange import ACCESS_TOKEN, API, Delegation, a_delegation
from tests.factories.oauth import a_client
from tests.oauth import flow


@pytest.fixture
def delegation(client: FlaskClient) -> Delegation:
    return a_delegation(client)


@pytest.mark.parametrize(
    "name", ["subject_token", "subject_token_type", "actor_token", "actor_token_type"]
)
def test_2_1_each_token_and_its_type_are_required(delegation: Delegation, name: str) -> None:
    answer = delegation.ask(**{name: ""})
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("name", ["subject_token_type", "actor_token_type"])
def test_2_1_a_token_of_another_type_is_refused(delegation: Delegation, name: str) -> None:
    for kind in ("urn:ietf:params:oauth:token-type:jwt", "nonsense"):
        assert delegation.ask(**{name: kind}).get_json()["error"] == "invalid_request"


def test_2_1_requested_token_type_may_be_an_access_token_and_nothing_else(
    delegation: Delegation,
) -> None:
    assert delegation.ask(requested_token_type=ACCESS_TOKEN).status_code == 200
    refused = delegation.ask(requested_token_type="urn:ietf:params:oauth:token-type:id_token")
    assert refused.get_json()["error"] == "invalid_request"


def test_2_1_audience_is_the_other_name_of_the_resource(delegation: Delegation) -> None:
    claims = flow.claims_of(delegation.token(resource="", audience=API)["access_token"])
    assert claims["aud"] == API
    assert delegation.ask(audience="https://plain.example").get_json()["error"] == "invalid_target"


def test_2_1_the_client_is_authenticated(delegation: Delegation) -> None:
    answer = delegation.browser.post(
        "/oauth/token",
        data={
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "client_id": delegation.application.client_id,
        },
    )
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_2_1_a_client_that_is_not_registered_for_it_is_refused(delegation: Delegation) -> None:
    delegation.application = a_client(
        first_party=True,
        grant_types=("authorization_code",),
        resources=(API,),
        scope="openid grants bills:read",
    )
    assert delegation.ask().get_json()["error"] == "unauthorized_client"


def test_2_2_1_the_answer_says_what_was_issued(delegation: Delegation) -> None:
    response = delegation.ask()
    answer = response.get_json()
    assert answer["issued_token_type"] == ACCESS_TOKEN
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] > 0
    assert flow.header_of(answer["access_token"])["typ"] == "at+jwt"
    assert response.headers["Cache-Control"] == "no-store"


def test_2_2_2_an_unacceptable_subject_or_actor_token_is_invalid_request(
    delegation: Delegation,
) -> None:
    for changes in ({"subject_token": "g_unknown"}, {"actor_token": "nonsense"}):
        answer = delegation.ask(**changes)
        assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_request")


def test_2_2_2_a_target_that_can_t_be_served_is_invalid_target(delegation: Delegation) -> None:
    answer = delegation.ask(resource="https://elsewhere.example")
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_target")


def test_4_1_act_is_an_object_that_names_the_actor(delegation: Delegation) -> None:
    claims = flow.claims_of(delegation.token()["access_token"])
    assert (claims["sub"], claims["act"]) == (MARIA, {"sub": JOAO})
    assert not {"exp", "nbf", "aud"} & set(claims["act"])


def test_4_3_client_id_is_the_client_that_asked(delegation: Delegation) -> None:
    claims = flow.claims_of(delegation.token()["access_token"])
    assert claims["client_id"] == delegation.application.client_id


def test_4_1_introspection_returns_the_same_act(delegation: Delegation) -> None:
    token = delegation.token()["access_token"]
    assert flow.introspect(delegation.browser, delegation.api, token)["act"] == {"sub": JOAO}


def test_5_metadata_names_the_grant_type(client: FlaskClient) -> None:
    metadata = client.get("/.well-known/oauth-authorization-server").get_json()
    grant_type = "urn:ietf:params:oauth:grant-type:token-exchange"
    assert grant_type in metadata["grant_types_supported"]
