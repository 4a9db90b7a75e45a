"""Devices and calls, as an attacker uses them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from idp.accounts.models import Account
from idp.extensions import db
from idp.oauth.models import Authorization
from tests import browsing
from tests.browsing import sign_in_as
from tests.factories.accounts import joao
from tests.oauth import flow
from tests.oauth.approvals.asking import (
    a_call_centre,
    a_device,
    begin_call,
    begin_device,
    call_page,
    decide_call,
    decide_device,
    error_of,
    fields_of,
    poll,
    row,
)


def test_device_phishing_a_link_with_the_code_lets_nobody_in(
    client: FlaskClient, maria: Account
) -> None:
    """RFC 8628 section 5.4: opening the complete address shows the code, a warning and a choice."""
    kiosk = a_device()
    begun = begin_device(client, kiosk)
    page = client.get(str(begun["verification_uri_complete"]).removeprefix(flow.ISSUER))
    assert "Did somebody send it to you" in page.text
    assert str(begun["user_code"]) in page.text
    assert error_of(poll(client, kiosk, begun)) == "authorization_pending"


def test_device_brute_force_ends_after_ten_codes(client: FlaskClient, maria: Account) -> None:
    begun = begin_device(client, a_device())
    answers = [
        client.get("/device", query_string={"user_code": "BCDF-GHJK"}).status_code
        for _ in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2
    right = client.get("/device", query_string={"user_code": begun["user_code"]})
    assert right.status_code == 429


def test_device_brute_force_is_counted_on_each_way_to_the_code(
    client: FlaskClient, maria: Account
) -> None:
    token = browsing.csrf_token(client, "/device")
    for _ in range(5):
        form = {"csrf_token": token, "user_code": "BCDF-GHJK"}
        assert client.post("/device", data=form).status_code == 422
        decided = client.post("/device/decision", data={**form, "decision": "allow"})
        assert decided.status_code == 422
    assert client.post("/device", data=form).status_code == 429


def test_polling_too_fast_slows_the_device_down(client: FlaskClient, maria: Account) -> None:
    kiosk = a_device()
    begun = begin_device(client, kiosk)
    answers = [error_of(poll(client, kiosk, begun)) for _ in range(3)]
    assert answers == ["authorization_pending", "slow_down", "slow_down"]
    assert row().interval == 15


def test_a_stolen_device_code_is_worth_nothing_to_another_client(
    client: FlaskClient, maria: Account
) -> None:
    kiosk, thief = a_device(), a_device()
    begun = begin_device(client, kiosk)
    decide_device(client, begun)
    assert error_of(poll(client, thief, begun)) == "invalid_grant"
    assert poll(client, kiosk, begun).status_code == 200


def test_a_replayed_device_code_ends_what_the_first_use_gave(
    client: FlaskClient, maria: Account
) -> None:
    kiosk = a_device()
    begun = begin_device(client, kiosk)
    decide_device(client, begun)
    tokens = poll(client, kiosk, begun).get_json()
    assert error_of(poll(client, kiosk, begun)) == "invalid_grant"
    assert flow.userinfo(client, tokens["access_token"]).status_code == 401
    assert flow.refresh(client, kiosk, tokens["refresh_token"]).status_code == 400


def test_a_replayed_auth_req_id_ends_what_the_first_use_gave(
    client: FlaskClient, maria: Account
) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents)
    decide_call(client)
    token = poll(client, agents, begun).get_json()["access_token"]
    assert error_of(poll(client, agents, begun)) == "invalid_grant"
    assert flow.userinfo(client, token).status_code == 401


def test_a_stolen_auth_req_id_is_worth_nothing_to_another_client(
    client: FlaskClient, maria: Account
) -> None:
    agents, thief = a_call_centre(), a_call_centre()
    begun = begin_call(client, agents)
    decide_call(client)
    assert error_of(poll(client, thief, begun)) == "invalid_grant"


def test_a_device_code_is_no_auth_req_id(client: FlaskClient, maria: Account) -> None:
    """Each is asked for by the grant type of its own channel, though they lie in one table."""
    both = a_call_centre(
        grant_types=(
            "urn:openid:params:grant-type:ciba",
            "urn:ietf:params:oauth:grant-type:device_code",
        )
    )
    begun = begin_device(client, both)
    decide_device(client, begun)
    answer = poll(client, both, {"auth_req_id": begun["device_code"]})
    assert error_of(answer) == "invalid_grant"


def test_another_persons_call_is_not_there(client: FlaskClient, maria: Account) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents)
    address = call_page()
    fields = fields_of(client.get(address))
    sign_in_as(client, joao())
    assert client.get(address).status_code == 404
    assert client.post(address, data={**fields, "decision": "allow"}).status_code in (400, 404)
    token = browsing.csrf_token(client, "/device")
    form = {**fields, "csrf_token": token, "decision": "allow"}
    assert client.post(address, data=form).status_code == 404
    assert error_of(poll(client, agents, begun)) == "authorization_pending"


def test_a_devices_request_can_t_be_decided_by_its_name(
    client: FlaskClient, maria: Account
) -> None:
    begin_device(client, a_device())
    assert client.get(f"/approvals/{row().public_id}").status_code == 404


@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_csrf_on_the_approval_pages(client: FlaskClient, maria: Account, decision: str) -> None:
    kiosk, agents = a_device(), a_call_centre()
    device = begin_device(client, kiosk)
    call = begin_call(client, agents)
    form = {"decision": decision, "user_code": device["user_code"]}
    assert client.post("/device/decision", data=form).status_code == 400
    assert client.post(call_page(), data=form).status_code == 400
    assert error_of(poll(client, kiosk, device)) == "authorization_pending"
    assert error_of(poll(client, agents, call)) == "authorization_pending"


def test_nobody_allows_what_they_were_not_shown(client: FlaskClient, maria: Account) -> None:
    agents = a_call_centre()
    begun = begin_call(client, agents)
    token = browsing.csrf_token(client, "/device")
    client.post(call_page(), data={"csrf_token": token, "decision": "allow", "seen": "no"})
    assert error_of(poll(client, agents, begun)) == "authorization_pending"


def test_what_was_allowed_is_not_given_out_when_its_time_is_over(
    client: FlaskClient, maria: Account
) -> None:
    kiosk = a_device()
    begun = begin_device(client, kiosk)
    decide_device(client, begun)
    row().expires_at -= timedelta(hours=1)
    db.session.commit()
    assert error_of(poll(client, kiosk, begun)) == "expired_token"


def test_codes_lie_in_the_database_as_nobody_could_use_them(
    client: FlaskClient, maria: Account
) -> None:
    begun = begin_device(client, a_device())
    found = row()
    kept = b"".join(each for each in vars(found).values() if isinstance(each, bytes))
    texts = " ".join(str(each) for each in vars(found).values())
    for secret in (begun["device_code"], begun["user_code"]):
        assert str(secret) not in texts
        assert str(secret).encode() not in kept
    assert db.session.query(Authorization).count() == 0
