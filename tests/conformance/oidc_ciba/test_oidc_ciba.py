"""OpenID Connect Client-Initiated Backchannel Authentication Flow, Core 1.0 (poll and ping)."""

from datetime import timedelta

import pytest

from idp.extensions import db
from idp.oauth.errors import InvalidClientMetadata
from tests.conformance.conftest import World
from tests.oauth import flow
from tests.oauth.approvals.asking import (
    CIBA,
    a_call_centre,
    ask_call,
    begin_call,
    decide_call,
    error_of,
    poll,
    row,
)


def test_4_the_metadata_says_how(world: World) -> None:
    metadata = world.browser.get("/.well-known/openid-configuration").get_json()
    endpoint = f"{flow.ISSUER}/oauth/backchannel-authentication"
    assert metadata["backchannel_authentication_endpoint"] == endpoint
    assert metadata["backchannel_token_delivery_modes_supported"] == ["poll", "ping"]
    assert metadata["backchannel_user_code_parameter_supported"] is False
    assert CIBA in metadata["grant_types_supported"]


def test_4_push_is_not_registered(world: World) -> None:
    with pytest.raises(InvalidClientMetadata):
        a_call_centre(mode="push")


def test_7_1_the_client_is_authenticated(world: World) -> None:
    agents = a_call_centre()
    form = {"client_id": agents.client_id, "scope": "openid", "login_hint": "maria@example.com"}
    answer = world.browser.post("/oauth/backchannel-authentication", data=form)
    assert (answer.status_code, answer.get_json()["error"]) == (401, "invalid_client")


def test_7_1_the_scope_must_contain_openid(world: World) -> None:
    agents = a_call_centre()
    assert error_of(ask_call(world.browser, agents, scope="profile")) == "invalid_scope"


@pytest.mark.parametrize(
    "hints",
    [
        {"login_hint": ""},
        {"id_token_hint": "two at once"},
        {"login_hint": "", "login_hint_token": "not supported"},
    ],
)
def test_7_1_one_hint_is_required(world: World, hints: dict[str, str]) -> None:
    assert error_of(ask_call(world.browser, a_call_centre(), **hints)) == "invalid_request"


@pytest.mark.parametrize("token", ["", "not a bearer token", "é", "a" * 1025])
def test_7_1_ping_needs_a_client_notification_token(world: World, token: str) -> None:
    agents = a_call_centre(mode="ping")
    answer = ask_call(world.browser, agents, client_notification_token=token)
    assert error_of(answer) == "invalid_request"


def test_7_1_requested_expiry_is_a_positive_integer_within_our_bounds(world: World) -> None:
    agents = a_call_centre()
    asked = {"120": 120, "1": 30, "999999": 1800}
    for expiry, given in asked.items():
        assert begin_call(world.browser, agents, requested_expiry=expiry)["expires_in"] == given
    for expiry in ("0", "-5", "soon", "1.5"):
        refused = ask_call(world.browser, agents, requested_expiry=expiry)
        assert error_of(refused) == "invalid_request", expiry


def test_7_1_1_a_signed_request_is_refused_and_not_passed_over(world: World) -> None:
    answer = ask_call(world.browser, a_call_centre(), request="e30.e30.")
    assert error_of(answer) == "invalid_request"


def test_7_3_the_answer_names_the_request(world: World) -> None:
    response = ask_call(world.browser, a_call_centre())
    answer = response.get_json()
    assert len(answer["auth_req_id"]) >= 43  # 256 bits; section 7.3 wants 128 at least
    assert (answer["expires_in"], answer["interval"]) == (300, 5)
    assert response.headers["Cache-Control"] == "no-store"


def test_10_1_the_token_answer_is_that_of_the_code_flow(world: World) -> None:
    agents = a_call_centre()
    begun = begin_call(world.browser, agents)
    decide_call(world.browser)
    answer = poll(world.browser, agents, begun).get_json()
    claims = flow.claims_of(answer["id_token"])
    assert (claims["aud"], claims["sub"]) == (agents.client_id, str(world.account.tax_id))
    assert claims["auth_time"] == int(world.session.authenticated_at.timestamp())
    assert "nonce" not in claims
    assert answer["token_type"] == "Bearer"


def test_10_1_the_auth_req_id_is_required_and_the_clients_own(world: World) -> None:
    agents = a_call_centre()
    answer = flow.ask_token(world.browser, agents, grant_type=CIBA)
    assert error_of(answer) == "invalid_request"
    begun = begin_call(world.browser, agents)
    assert error_of(poll(world.browser, a_call_centre(), begun)) == "invalid_grant"


def test_11_pending_slow_down_and_expired(world: World) -> None:
    agents = a_call_centre()
    begun = begin_call(world.browser, agents)
    assert error_of(poll(world.browser, agents, begun)) == "authorization_pending"
    assert error_of(poll(world.browser, agents, begun)) == "slow_down"
    row().expires_at -= timedelta(hours=1)
    db.session.commit()
    assert error_of(poll(world.browser, agents, begun)) == "expired_token"


def test_11_access_denied_when_the_person_said_no(world: World) -> None:
    agents = a_call_centre()
    begun = begin_call(world.browser, agents)
    decide_call(world.browser, "deny")
    assert error_of(poll(world.browser, agents, begun)) == "access_denied"


def test_13_unauthorized_client(world: World) -> None:
    assert error_of(ask_call(world.browser, world.trusted)) == "unauthorized_client"


def test_13_unknown_user_id_for_the_utilitys_own_applications(world: World) -> None:
    agents = a_call_centre(first_party=True)
    assert error_of(ask_call(world.browser, agents, login_hint="nobody")) == "unknown_user_id"


@pytest.mark.parametrize("message", ["x" * 61, "two\nlines"])
def test_13_invalid_binding_message(world: World, message: str) -> None:
    answer = ask_call(world.browser, a_call_centre(), binding_message=message)
    assert error_of(answer) == "invalid_binding_message"
