"""Somebody poses as a client, or a client as one that may do more."""

from typing import Any

from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.factories.accounts import joao
from tests.factories.oauth import a_client, a_public_client
from tests.oauth import flow


def test_every_failed_client_authentication_is_answered_alike(client: FlaskClient) -> None:
    confidential, public = a_client(), a_public_client()
    form = {"grant_type": "client_credentials"}
    wrong: list[dict[str, Any]] = [
        {"headers": flow.basic(confidential, "wrong")},
        {"headers": flow.basic(public, "wrong")},
        {"headers": {"Authorization": "Basic !!!"}},
        {"headers": {"Authorization": "Basic /////w=="}},
        {"headers": {"Authorization": "Basic"}},
        {"headers": {"Authorization": "Bearer x"}},
        {"data": {"client_id": confidential.client_id}},
        {"data": {"client_id": confidential.client_id, "client_secret": flow.SECRET}},
        {"data": {"client_id": "unknown", "client_secret": "x" * 5000}},
        {"data": {"client_id": "\x00", "client_secret": "\x00"}},
        {"data": {}},
        {"data": {"client_id": "unknown"}, "headers": flow.basic(confidential)},
    ]
    answers = {
        (response.status_code, response.text, response.headers["WWW-Authenticate"])
        for each in wrong
        for response in [
            client.post(
                "/oauth/token",
                data={**form, **each.get("data", {})},
                headers=each.get("headers"),
            )
        ]
    }
    assert len(answers) == 1
    assert next(iter(answers))[0] == 401


def test_two_ways_of_authentication_at_once_are_refused(client: FlaskClient) -> None:
    application = a_client()
    refused = flow.ask_token(
        client, application, grant_type="client_credentials", client_secret=flow.SECRET
    )
    assert refused.get_json()["error"] == "invalid_request"


def test_credentials_in_the_address_count_for_nothing(client: FlaskClient) -> None:
    application = a_client(token_endpoint_auth_method="client_secret_post")
    query = {
        "grant_type": "client_credentials",
        "client_id": application.client_id,
        "client_secret": flow.SECRET,
    }
    assert client.post("/oauth/token", query_string=query).status_code == 400
    assert client.post("/oauth/token", data=query).status_code == 200
    token = client.post("/oauth/token", data=query).get_json()["access_token"]
    refused = client.get("/oauth/userinfo", query_string={"access_token": token})
    assert (refused.status_code, refused.get_json()) == (401, {})
    assert "error" not in refused.headers["WWW-Authenticate"]


def test_a_scope_or_resource_that_is_not_registered_is_refused(client: FlaskClient) -> None:
    sign_in_as(client, joao())
    application = a_client(scope="openid", resources=("https://api.example",))
    refused = flow.answered(flow.authorize(client, application, scope="openid email"))
    assert refused["error"] == "invalid_scope"
    refused = flow.answered(flow.authorize(client, application, resource="https://x.example"))
    assert refused["error"] == "invalid_target"
    for wrong in ({"scope": "email"}, {"scope": "openid"}, {"resource": "https://x.example"}):
        answer = flow.ask_token(client, application, grant_type="client_credentials", **wrong)
        expected = "invalid_target" if "resource" in wrong else "invalid_scope"
        assert answer.get_json()["error"] == expected
