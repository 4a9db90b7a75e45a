"""RFC 7592, OAuth 2.0 Dynamic Client Registration Management."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.oauth import clients
from tests.factories.oauth import a_client
from tests.oauth.clients.registering import METADATA, an_invitation, bearer, manage, registered
from tests.oauth.clients.signing import KEYS


def test_3_the_client_is_told_where_and_with_what_it_manages_itself(client: FlaskClient) -> None:
    told = registered(client)
    assert told["registration_client_uri"].endswith(f"/oauth/register/{told['client_id']}")
    assert len(told["registration_access_token"]) >= 43


def test_2_1_it_reads_what_it_is_registered_with(client: FlaskClient) -> None:
    told = registered(client, tos_uri="https://app.example/terms")
    answer = manage(client, "GET", told)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    without = {"client_secret", "client_secret_expires_at"}  # a hash alone is kept of it
    assert answer.get_json() == {k: v for k, v in told.items() if k not in without}


def test_2_2_an_update_replaces_everything(client: FlaskClient) -> None:
    told = registered(client, tos_uri="https://app.example/terms")
    body = {
        "client_id": told["client_id"],
        "client_secret": told["client_secret"],
        "client_name": "New name",
        "redirect_uris": ["https://new.example/cb"],
        "policy_uri": "",
        "logo_uri": None,
    }
    answer = manage(client, "PUT", told, body)
    assert answer.status_code == 200, answer.text
    changed = answer.get_json()
    assert changed["redirect_uris"] == ["https://new.example/cb"]
    assert "tos_uri" not in changed
    assert changed["registration_access_token"] == told["registration_access_token"]
    found = clients.find(told["client_id"])
    assert found is not None and found.metadata.client_name == "New name"
    assert found.check_client_secret(told["client_secret"])
    assert manage(client, "GET", told).get_json()["client_name"] == "New name"


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("client_id", "another"),
        ("client_id", None),
        ("client_secret", "of my own choice"),
        ("client_secret", 7),
        ("registration_access_token", "x"),
        ("registration_client_uri", "x"),
        ("client_secret_expires_at", 0),
        ("client_id_issued_at", 0),
        ("introspect", True),
        ("scope", "openid grant_uses"),
        ("redirect_uris", []),
    ],
)
def test_2_2_an_update_that_says_too_much_or_too_little_changes_nothing(
    client: FlaskClient, member: str, value: Any
) -> None:
    told = registered(client)
    body = {
        **METADATA,
        "client_id": told["client_id"],
        member: value,
        "tos_uri": "https://a.example/",
    }
    answer = manage(client, "PUT", told, body)
    assert answer.status_code == 400
    assert member in answer.get_json()["error_description"]
    assert "tos_uri" not in manage(client, "GET", told).get_json()


def test_2_2_an_update_keeps_to_what_the_client_was_invited_to(client: FlaskClient) -> None:
    told = registered(client, an_invitation(resources=("https://api.example",)))
    body = {**METADATA, "client_id": told["client_id"], "resources": ["https://api.example"]}
    assert manage(client, "PUT", told, body).status_code == 200
    body["resources"] = ["https://other.example"]
    assert manage(client, "PUT", told, body).status_code == 400


def test_2_2_another_method_brings_another_secret_or_none(client: FlaskClient) -> None:
    told = registered(client)
    body = {**METADATA, "client_id": told["client_id"]}
    keys = {"token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS}
    assert "client_secret" not in manage(client, "PUT", told, {**body, **keys}).get_json()
    found = clients.find(told["client_id"])
    assert found is not None and not found.check_client_secret(told["client_secret"])
    sealed = {"token_endpoint_auth_method": "client_secret_jwt"}
    secret = manage(client, "PUT", told, {**body, **sealed}).get_json()["client_secret"]
    assert secret != told["client_secret"]
    again = manage(client, "PUT", told, {**body, **sealed, "client_secret": secret})
    assert again.status_code == 200 and "client_secret" not in again.get_json()


def test_2_3_a_client_that_removes_itself_is_gone(client: FlaskClient) -> None:
    told = registered(client)
    answer = manage(client, "DELETE", told)
    assert (answer.status_code, answer.data) == (204, b"")
    assert clients.find(told["client_id"]) is None
    for method in ("GET", "PUT", "DELETE"):
        assert manage(client, method, told, {} if method == "PUT" else None).status_code == 401


def test_2_the_token_of_one_client_opens_no_other(client: FlaskClient) -> None:
    invitation = an_invitation()
    one, other = registered(client, invitation), registered(client, invitation)
    operators = a_client()
    for client_id in (other["client_id"], operators.client_id, "unknown"):
        for token in (one["registration_access_token"], invitation, ""):
            for method in ("GET", "PUT", "DELETE"):
                answer = client.open(
                    f"/oauth/register/{client_id}", method=method, headers=bearer(token)
                )
                assert answer.status_code == 401, answer.text
                assert answer.get_json()["error"] == "invalid_token"
    assert clients.find(other["client_id"]) is not None


def test_2_2_a_body_without_end_is_refused(client: FlaskClient) -> None:
    told = registered(client)
    body = {**METADATA, "client_id": told["client_id"], "contacts": ["a@b" * 100_000]}
    for answer in (
        manage(client, "PUT", told, body),
        client.post("/oauth/register", json=body, headers=bearer(an_invitation())),
    ):
        assert answer.status_code == 413
        assert "error" in answer.get_json()


def test_2_attempts_are_counted(app: Flask, client: FlaskClient) -> None:
    told = registered(client)
    app.config["REGISTRATIONS_PER_ADDRESS"], before = 1, app.config["REGISTRATIONS_PER_ADDRESS"]
    try:
        answer = manage(client, "GET", told)
    finally:
        app.config["REGISTRATIONS_PER_ADDRESS"] = before
    assert (answer.status_code, answer.get_json()) == (429, {"error": "too_many_attempts"})
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("secret", ["\ud800", "\x00", "", 7, None, ["x"]])
def test_2_2_a_secret_that_is_none_is_refused(client: FlaskClient, secret: object) -> None:
    told = registered(client)
    answer = manage(
        client, "PUT", told, {**METADATA, "client_id": told["client_id"], "client_secret": secret}
    )
    assert (answer.status_code, answer.get_json()["error"]) == (400, "invalid_client_metadata")


def test_2_other_methods_are_not_there(client: FlaskClient) -> None:
    told = registered(client)
    for method in ("POST", "PATCH"):
        assert manage(client, method, told, {}).status_code == 405
