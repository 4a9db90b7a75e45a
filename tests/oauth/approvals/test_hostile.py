"""Whatever machines and people send to these addresses is refused by a standard code."""

import pytest
from flask.testing import FlaskClient

from tests.browsing import csrf_token, sign_in_as
from tests.factories.accounts import an_account
from tests.hostile import HOSTILE
from tests.oauth import flow
from tests.oauth.approvals.asking import CIBA, DEVICE_CODE, a_call_centre

STANDARD = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "invalid_target",
    "invalid_authorization_details",
    "invalid_binding_message",
    "unauthorized_client",
    "unsupported_grant_type",
    "access_denied",  # this person was asked too often
}
PARAMETERS = {
    "/oauth/device": ("scope", "resource", "authorization_details", "client_id"),
    "/oauth/backchannel-authentication": (
        *("scope", "resource", "authorization_details", "acr_values", "binding_message"),
        *("login_hint", "id_token_hint", "login_hint_token", "requested_expiry", "user_code"),
        *("client_notification_token", "request", "client_id"),
    ),
    "/oauth/token": ("device_code", "auth_req_id", "resource"),
}


@pytest.mark.parametrize("path", PARAMETERS)
def test_no_hostile_parameter_is_a_fault(client: FlaskClient, path: str) -> None:
    both = a_call_centre(mode="ping", grant_types=(CIBA, DEVICE_CODE))
    plain = {"scope": "openid", "client_notification_token": "token", "grant_type": DEVICE_CODE}
    for name in PARAMETERS[path]:
        for title, value in HOSTILE.items():
            form = {**plain, name: value}
            if name == "auth_req_id":
                form["grant_type"] = CIBA
            answer = client.post(path, data=form, headers=flow.basic(both))
            assert answer.status_code in (200, 400, 401, 403, 429), (name, title, answer.text)
            if answer.status_code in (400, 401, 403):
                assert answer.get_json()["error"] in STANDARD, (name, title, answer.text)


def test_no_hostile_code_or_name_is_a_fault(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    token = csrf_token(client, "/device")
    for title, value in HOSTILE.items():
        form = {"csrf_token": token, "user_code": value, "decision": "allow", "seen": value}
        answers = [
            client.get("/device", query_string={"user_code": value}),
            client.post("/device", data=form),
            client.post("/device/decision", data=form),
            client.post("/approvals/w_unknown", data=form),
        ]
        assert all(each.status_code < 500 for each in answers), title
