"""Tokens and codes reach nobody whom they are not for."""

import pytest
from flask.testing import FlaskClient

from config import InvalidSettings, Settings
from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.errors import InvalidClientMetadata
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_public_client, a_resource_server
from tests.oauth import flow

BILLS, METERS = "https://bills.example", "https://meters.example"


def test_a_resource_server_learns_only_of_tokens_for_its_own_resources(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    application = a_client(resources=(BILLS, METERS))
    bills, meters = (a_resource_server(resources=(each,)) for each in (BILLS, METERS))
    token = flow.tokens_for(client, application, resource=BILLS)["access_token"]
    assert flow.introspect(client, bills, token)["active"] is True
    assert flow.introspect(client, meters, token) == {"active": False}


def test_whoever_poses_as_a_native_application_gets_no_code_unseen(client: FlaskClient) -> None:
    """RFC 8252 section 8.6: any program on the computer may answer at a loopback address."""
    sign_in_as(client, an_account())
    native = a_public_client(
        application_type="native",
        redirect_uris=("http://127.0.0.1/cb", "https://app.example/callback"),
    )
    loopback = {"redirect_uri": "http://127.0.0.1:4711/cb"}
    first = flow.authorize(client, native, **loopback)
    assert flow.agree(client, first).status_code == 303
    assert flow.authorize(client, native, **loopback).status_code == 200
    silent = flow.authorize(client, native, prompt="none", **loopback)
    assert "error=consent_required" in silent.location
    claimed = flow.authorize(client, native)  # an https address belongs to one application
    assert "code" in flow.answered(claimed)


@pytest.mark.parametrize("name", ["client_uri", "logo_uri", "policy_uri", "tos_uri"])
def test_what_people_are_shown_as_a_link_is_one(name: str) -> None:
    values = {"client_name": "App", "redirect_uris": ("https://app.example/cb",)}
    ClientMetadata(**values, **{name: "https://app.example/about"}).check()  # type: ignore[arg-type]
    for hostile in ("javascript:alert(1)", "data:text/html,x", "http://app.example/", "//app"):
        with pytest.raises(InvalidClientMetadata) as refusal:
            ClientMetadata(**values, **{name: hostile}).check()  # type: ignore[arg-type]
        assert refusal.value.field == name


def test_a_process_that_would_let_tokens_travel_in_the_clear_does_not_start() -> None:
    with pytest.raises(InvalidSettings, match="AUTHLIB_INSECURE_TRANSPORT"):
        Settings.from_environment({"MODE": "demo", "AUTHLIB_INSECURE_TRANSPORT": "1"})
