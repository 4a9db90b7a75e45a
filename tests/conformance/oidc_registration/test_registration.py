"""OpenID Connect Dynamic Client Registration 1.0."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.oauth.clients.registering import ask, registered
from tests.outbound.servers import Host, saying

TWO = ["https://one.example/cb", "https://two.example/cb"]


def test_2_what_is_left_out_has_the_defaults_of_section_2(client: FlaskClient) -> None:
    told = registered(client)
    assert told["application_type"] == "web"
    assert told["id_token_signed_response_alg"] == "RS256"
    assert told["token_endpoint_auth_method"] == "client_secret_basic"
    assert told["require_auth_time"] is False
    assert told["grant_types"] == ["authorization_code"]
    assert "default_max_age" not in told


def test_2_an_encryption_without_its_content_algorithm_is_given_one(client: FlaskClient) -> None:
    told = registered(
        client, id_token_encrypted_response_alg="RSA-OAEP-256", jwks_uri="https://app.example/jwks"
    )
    assert told["id_token_encrypted_response_enc"] == "A256GCM"
    alone = ask(client, userinfo_encrypted_response_enc="A256GCM")
    assert alone.status_code == 400


def test_2_default_max_age_zero_is_kept(client: FlaskClient) -> None:
    assert registered(client, default_max_age=0)["default_max_age"] == 0


def test_2_jwks_and_jwks_uri_are_not_used_together(client: FlaskClient) -> None:
    both = ask(client, jwks={"keys": []}, jwks_uri="https://app.example/jwks")
    assert both.get_json()["error"] == "invalid_client_metadata"


def test_2_a_native_client_may_use_its_own_scheme_and_a_web_client_may_not(
    client: FlaskClient,
) -> None:
    own: dict[str, Any] = {
        "redirect_uris": ["com.example.app:/cb"],
        "token_endpoint_auth_method": "none",
    }
    assert ask(client, application_type="native", **own).status_code == 201
    assert ask(client, application_type="web", **own).get_json()["error"] == "invalid_redirect_uri"


def test_5_pairwise_with_several_hosts_needs_a_sector(client: FlaskClient) -> None:
    answer = ask(client, subject_type="pairwise", redirect_uris=TWO)
    assert answer.get_json()["error"] == "invalid_client_metadata"
    assert ask(client, subject_type="pairwise").status_code == 201


@pytest.mark.usefixtures("asking")
def test_5_the_sectors_list_is_fetched_and_has_every_redirect_uri(
    client: FlaskClient,
    host: Host,
) -> None:
    host.behave = saying(json.dumps([*TWO, "https://three.example/cb"]).encode())
    wanted: dict[str, Any] = {"subject_type": "pairwise", "redirect_uris": TWO}
    told = registered(client, sector_identifier_uri=host.url("/uris"), **wanted)
    assert told["subject_type"] == "pairwise"
    assert [path for _method, path, _headers in host.asked] == ["/uris"]


@pytest.mark.usefixtures("asking")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, json.dumps(TWO[:1]).encode()),
        (200, json.dumps({"uris": TWO}).encode()),
        (200, json.dumps(" ".join(TWO)).encode()),
        (200, b"<html>"),
        (404, json.dumps(TWO).encode()),
        (302, b""),
    ],
)
def test_5_a_list_that_does_not_have_them_is_refused(
    client: FlaskClient,
    host: Host,
    status: int,
    body: bytes,
) -> None:
    host.behave = saying(body, status)
    wanted: dict[str, Any] = {"subject_type": "pairwise", "redirect_uris": TWO}
    answer = ask(client, sector_identifier_uri=host.url("/uris"), **wanted)
    assert answer.status_code == 400
    assert "sector_identifier_uri" in answer.get_json()["error_description"]


def test_5_the_list_is_not_looked_for_in_our_own_network(client: FlaskClient) -> None:
    for address in ("https://127.0.0.1/uris", "https://169.254.169.254/latest", "https://[::1]/"):
        answer = ask(client, redirect_uris=TWO, sector_identifier_uri=address)
        assert answer.status_code == 400
