"""RFC 8705, Mutual-TLS certificate-bound access tokens (sections 3 and 4)."""

import base64
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import REDIRECT_URI, a_client, a_public_client, a_resource_server
from tests.oauth import flow
from tests.oauth.clients.signing import as_nginx_says, self_signed

HEADER = "X-Client-Certificate"
CERTIFICATE, KEYS = self_signed()
OTHER, _OTHER_KEYS = self_signed()
CODE = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}


@pytest.fixture(autouse=True)
def behind_a_proxy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy in front overwrites the header with what it saw."""
    monkeypatch.setitem(app.config, "CLIENT_CERTIFICATE_HEADER", HEADER)


@pytest.fixture
def application() -> RegisteredClient:
    return a_client(
        first_party=True,
        token_endpoint_auth_method="self_signed_tls_client_auth",
        jwks=KEYS,
        tls_client_certificate_bound_access_tokens=True,
        resources=("https://api.example",),
    )


def shown(certificate: x509.Certificate | None) -> dict[str, str]:
    return {HEADER: as_nginx_says(certificate)} if certificate else {}


def thumbprint(certificate: x509.Certificate) -> str:
    digest = hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def ask(
    browser: FlaskClient,
    client: RegisteredClient,
    certificate: x509.Certificate | None,
    **form: str,
) -> TestResponse:
    form = {"client_id": client.client_id, **form}
    return browser.post("/oauth/token", data=form, headers=shown(certificate))


def personal(browser: FlaskClient, client: RegisteredClient) -> TestResponse:
    sign_in_as(browser, an_account())
    code = flow.code_for(browser, client)
    return ask(browser, client, CERTIFICATE, code=code, code_verifier=flow.VERIFIER, **CODE)


def userinfo(
    browser: FlaskClient, token: str, certificate: x509.Certificate | None
) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}", **shown(certificate)}
    return browser.get("/oauth/userinfo", headers=headers)


def test_3_1_a_token_names_the_certificate_that_it_was_asked_for_with(
    client: FlaskClient, application: RegisteredClient
) -> None:
    answer = ask(client, application, CERTIFICATE, grant_type="client_credentials").get_json()
    assert answer["token_type"] == "Bearer"
    cnf = flow.claims_of(answer["access_token"])["cnf"]
    assert cnf == {"x5t#S256": thumbprint(CERTIFICATE)}


def test_3_a_protected_resource_refuses_the_token_without_its_certificate(
    client: FlaskClient, application: RegisteredClient
) -> None:
    token = personal(client, application).get_json()["access_token"]
    assert userinfo(client, token, CERTIFICATE).status_code == 200
    for certificate in (None, OTHER):
        refused = userinfo(client, token, certificate)
        assert refused.status_code == 401
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]


def test_3_2_introspection_says_what_the_token_is_bound_to(
    client: FlaskClient, application: RegisteredClient
) -> None:
    answer = ask(client, application, CERTIFICATE, grant_type="client_credentials").get_json()
    api = a_resource_server(resources=("https://api.example",))
    told = flow.introspect(client, api, answer["access_token"])
    assert told["cnf"] == {"x5t#S256": thumbprint(CERTIFICATE)}
    assert told["token_type"] == "Bearer"


def test_3_3_the_metadata_says_that_it_is_done(client: FlaskClient) -> None:
    metadata = client.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["tls_client_certificate_bound_access_tokens"] is True


def test_3_4_only_who_registered_for_it_gets_bound_tokens(client: FlaskClient) -> None:
    other = a_client(token_endpoint_auth_method="self_signed_tls_client_auth", jwks=KEYS)
    answer = ask(client, other, CERTIFICATE, grant_type="client_credentials").get_json()
    assert "cnf" not in flow.claims_of(answer["access_token"])


def test_3_4_who_registered_for_it_gets_no_others(client: FlaskClient) -> None:
    bound = a_client(tls_client_certificate_bound_access_tokens=True)
    refused = flow.ask_token(client, bound, grant_type="client_credentials")
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request")


def test_4_a_public_clients_refresh_token_is_bound_to_its_certificate(client: FlaskClient) -> None:
    public = a_public_client(tls_client_certificate_bound_access_tokens=True)
    token = personal(client, public).get_json()["refresh_token"]

    def refresh(certificate: x509.Certificate) -> TestResponse:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return ask(client, public, certificate, **form)

    assert refresh(OTHER).get_json()["error"] == "invalid_grant"
    assert refresh(CERTIFICATE).status_code == 200


def test_6_5_without_a_proxy_that_says_so_a_certificate_in_a_header_counts_for_nothing(
    client: FlaskClient,
    application: RegisteredClient,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = personal(client, application).get_json()["access_token"]
    monkeypatch.setitem(app.config, "CLIENT_CERTIFICATE_HEADER", "")
    assert userinfo(client, token, CERTIFICATE).status_code == 401
