"""RFC 8628, OAuth 2.0 Device Authorization Grant; attacks are in tests/oauth/attacks."""

from datetime import timedelta

from idp.extensions import db
from tests.browsing import title_of
from tests.conformance.conftest import World
from tests.oauth import flow
from tests.oauth.approvals.asking import (
    DEVICE_CODE,
    a_device,
    ask_device,
    begin_device,
    decide_device,
    error_of,
    poll,
    row,
)


def test_3_1_the_client_is_authenticated_as_at_the_token_endpoint(world: World) -> None:
    confidential = a_device(token_endpoint_auth_method="client_secret_basic")
    form = {"client_id": confidential.client_id, "scope": "openid"}
    refused = world.browser.post("/oauth/device", data=form)
    assert (refused.status_code, refused.get_json()["error"]) == (401, "invalid_client")
    assert ask_device(world.browser, confidential).status_code == 200
    unnamed = world.browser.post("/oauth/device", data={"scope": "openid"})
    assert unnamed.get_json()["error"] == "invalid_client"


def test_3_1_a_client_that_is_not_registered_for_it_is_refused(world: World) -> None:
    assert error_of(ask_device(world.browser, world.public)) == "unauthorized_client"


def test_3_1_an_unregistered_scope_is_refused(world: World) -> None:
    assert error_of(ask_device(world.browser, a_device(), scope="bills:pay")) == "invalid_scope"


def test_3_1_parameters_twice_are_refused(world: World) -> None:
    client_id = a_device().client_id
    form = {"client_id": client_id, "scope": ["openid", "email"]}
    answer = world.browser.post("/oauth/device", data=form)
    assert error_of(answer) == "invalid_request"


def test_3_2_the_answer_has_what_the_device_needs(world: World) -> None:
    response = ask_device(world.browser, a_device())
    answer = response.get_json()
    assert len(answer["device_code"]) >= 43
    assert answer["verification_uri"] == f"{flow.ISSUER}/device"
    complete = f"{flow.ISSUER}/device?user_code={answer['user_code']}"
    assert answer["verification_uri_complete"] == complete
    assert (answer["expires_in"], answer["interval"]) == (900, 5)
    assert response.headers["Cache-Control"] == "no-store"


def test_3_3_the_page_asks_for_the_code_and_then_for_the_decision(world: World) -> None:
    begun = begin_device(world.browser, a_device())
    assert title_of(world.browser.get("/device")).startswith("Which code")
    page = world.browser.get("/device", query_string={"user_code": begun["user_code"]})
    assert 'id="device-allow"' in page.text


def test_3_3_1_the_complete_address_shows_the_code_again(world: World) -> None:
    begun = begin_device(world.browser, a_device())
    address = str(begun["verification_uri_complete"]).removeprefix(flow.ISSUER)
    assert str(begun["user_code"]) in world.browser.get(address).text
    assert row().decided_at is None


def test_3_4_the_device_code_is_required(world: World) -> None:
    answer = flow.ask_token(world.browser, a_device(), grant_type=DEVICE_CODE)
    assert error_of(answer) == "invalid_request"


def test_3_4_the_device_code_belongs_to_the_client(world: World) -> None:
    begun = begin_device(world.browser, a_device())
    decide_device(world.browser, begun)
    assert error_of(poll(world.browser, a_device(), begun)) == "invalid_grant"


def test_3_5_authorization_pending_until_the_person_decides(world: World) -> None:
    kiosk = a_device()
    begun = begin_device(world.browser, kiosk)
    assert error_of(poll(world.browser, kiosk, begun)) == "authorization_pending"
    decide_device(world.browser, begun)
    answer = poll(world.browser, kiosk, begun)
    assert answer.get_json()["token_type"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_3_5_slow_down_adds_five_seconds(world: World) -> None:
    kiosk = a_device()
    begun = begin_device(world.browser, kiosk)
    poll(world.browser, kiosk, begun)
    assert error_of(poll(world.browser, kiosk, begun)) == "slow_down"
    assert row().interval == 10


def test_3_5_access_denied_when_the_person_said_no(world: World) -> None:
    kiosk = a_device()
    begun = begin_device(world.browser, kiosk)
    decide_device(world.browser, begun, "deny")
    assert error_of(poll(world.browser, kiosk, begun)) == "access_denied"


def test_3_5_expired_token_when_its_time_is_over(world: World) -> None:
    kiosk = a_device()
    begun = begin_device(world.browser, kiosk)
    row().expires_at -= timedelta(hours=1)
    db.session.commit()
    assert error_of(poll(world.browser, kiosk, begun)) == "expired_token"


def test_4_the_metadata_names_endpoint_and_grant_type(world: World) -> None:
    metadata = world.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["device_authorization_endpoint"] == f"{flow.ISSUER}/oauth/device"
    assert DEVICE_CODE in metadata["grant_types_supported"]


def test_6_1_the_user_code_is_easy_to_read_and_case_does_not_matter(world: World) -> None:
    code = str(begin_device(world.browser, a_device())["user_code"])
    assert len(code) == 9
    assert not set("AEIOUY") & set(code)
    page = world.browser.get("/device", query_string={"user_code": code.lower()})
    assert page.status_code == 200
