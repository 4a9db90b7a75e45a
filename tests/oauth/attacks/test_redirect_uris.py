"""Redirect-URI tricks: an answer goes to an address of the client's, or nowhere."""

import pytest
from flask.testing import FlaskClient

from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import REDIRECT_URI, a_client, a_public_client
from tests.oauth import flow, pushing, signing


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/callback/../callback",
        "https://app.example/Callback",
        "https://app.example:444/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://app.example%2f@evil.example/callback",
        "https://app.example\\@evil.example/callback",
        "https://app.example/callback\x00",
        "https://app.example/callback%0d%0aSet-Cookie:x=1",
        "http://app.example/callback",
        "//app.example/callback",
        "javascript:alert(1)",
        'https://app.example/callback"><script>',
        "https://аpp.example/callback",
        " https://app.example/callback",
        "x" * 3000,
    ],
)
def test_a_redirect_uri_that_was_not_registered_is_never_followed(
    client: FlaskClient, uri: str
) -> None:
    sign_in_as(client, an_account())
    refused = flow.authorize(client, a_client(first_party=True), redirect_uri=uri)
    assert refused.status_code == 400
    assert 'id="error-code">invalid_request<' in refused.text
    assert "Location" not in refused.headers
    assert "<script>" not in refused.text


@pytest.mark.parametrize(
    "client_id", [None, "", "unknown", "a:b", "x\x00", "é", "'; --", "x" * 999]
)
def test_an_unknown_client_gets_a_page_and_no_redirect(
    client: FlaskClient, client_id: str | None
) -> None:
    refused = flow.authorize(client, a_client(), client_id=client_id)
    assert refused.status_code == 400
    assert 'id="error-code">invalid_client<' in refused.text


def test_a_client_of_several_addresses_must_name_one_and_of_one_needs_not(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    several = a_client(first_party=True, redirect_uris=(REDIRECT_URI, f"{REDIRECT_URI}/2"))
    assert flow.authorize(client, several, redirect_uri=None).status_code == 400
    single = a_client(first_party=True)
    code = flow.answered(flow.authorize(client, single, redirect_uri=None))["code"]
    assert flow.exchange(client, single, code, redirect_uri="").status_code == 200


def test_the_token_request_repeats_the_redirect_uri(client: FlaskClient) -> None:
    sign_in_as(client, an_account())
    application = a_client()
    for uri in ("", f"{REDIRECT_URI}/", "https://evil.example/"):
        code = flow.code_for(client, application)
        refused = flow.exchange(client, application, code, redirect_uri=uri)
        assert refused.get_json()["error"] == "invalid_grant"


def test_any_port_of_a_native_applications_loopback_and_nothing_else_of_it(
    client: FlaskClient,
) -> None:
    sign_in_as(client, an_account())
    native = a_public_client(
        application_type="native",
        redirect_uris=("http://127.0.0.1/cb", "com.example.app:/cb"),
        require_pkce=True,
    )

    def is_accepted(uri: str) -> bool:
        return flow.authorize(client, native, redirect_uri=uri).status_code != 400

    assert is_accepted("http://127.0.0.1:49152/cb")
    assert is_accepted("com.example.app:/cb")
    for uri in (
        "http://127.0.0.1:49152/other",
        "http://localhost:49152/cb",
        "http://127.0.0.2:1/cb",
        "https://127.0.0.1:1/cb",
        "http://127.0.0.1:99999/cb",
        "http://user@127.0.0.1:1/cb",
        "com.example.app:/cb/x",
    ):
        assert not is_accepted(uri), uri


@pytest.mark.parametrize(
    "uri",
    [
        "https://evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://app.example/./callback",
        "https://app.example/%63allback",
        "https://app.example/callback%2f..%2f..%2fevil",
        "https://APP.example/callback",
        "https://app.example:443/callback",
        "https://app.example./callback",
    ],
)
def test_nor_by_another_mode_a_pushed_request_or_a_signed_one(
    client: FlaskClient, uri: str
) -> None:
    sign_in_as(client, an_account())
    application = signing.a_signing_client()
    for mode in ("form_post", "jwt"):
        refused = flow.authorize(client, application, redirect_uri=uri, response_mode=mode)
        assert refused.status_code == 400
        assert "evil.example" not in refused.headers["Content-Security-Policy"]
    pushed = pushing.push(client, application, redirect_uri=uri)
    assert pushed.get_json()["error"] == "invalid_request"
    text = signing.signed(application, redirect_uri=uri)
    assert signing.bring(client, application, text).status_code == 400
    beside = signing.bring(client, application, "x", redirect_uri=uri)
    assert (beside.status_code, signing.error_of(beside)) == (400, "invalid_request_object")


def test_no_error_redirects_to_an_address_that_was_not_registered(client: FlaskClient) -> None:
    application = a_client()
    for changes in ({"response_type": "x"}, {"scope": "x"}, {"prompt": "none"}, {"request": "x"}):
        uri = "https://evil.example/callback"
        refused = flow.authorize(client, application, redirect_uri=uri, **changes)
        assert refused.status_code == 400
        assert "Location" not in refused.headers
