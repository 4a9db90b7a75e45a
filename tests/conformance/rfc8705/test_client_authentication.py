"""RFC 8705, Mutual-TLS Client Authentication (section 2), with the header by which a proxy says
what it saw (RFC 9440)."""

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.factories.oauth import a_client
from tests.oauth.clients.signing import (
    Authority,
    as_nginx_says,
    as_rfc9440_says,
    self_signed,
)

HEADER = "X-Client-Certificate"
SUBJECT = "CN=bills,O=Bills Ltda"
NAMES: dict[str, tuple[str, x509.GeneralName]] = {
    "tls_client_auth_san_dns": ("bills.example", x509.DNSName("bills.example")),
    "tls_client_auth_san_uri": (
        "https://bills.example/id",
        x509.UniformResourceIdentifier("https://bills.example/id"),
    ),
    "tls_client_auth_san_ip": ("2001:db8:0::1", x509.IPAddress(ip_address("2001:db8::1"))),
    "tls_client_auth_san_email": ("ops@bills.example", x509.RFC822Name("ops@bills.example")),
}


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def behind_a_proxy(app: Flask, authority: Authority, tmp_path: Path) -> Iterator[None]:
    """The proxy in front overwrites the header with what it saw."""
    file = tmp_path / "authorities.pem"
    file.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    changed = {"CLIENT_CERTIFICATE_HEADER": HEADER, "CLIENT_CERTIFICATE_AUTHORITIES": str(file)}
    before = {name: app.config[name] for name in changed}
    app.config.update(changed)
    yield
    app.config.update(before)


def a_named_client(**names: Any) -> RegisteredClient:
    names = names or {"tls_client_auth_subject_dn": SUBJECT}
    return a_client(token_endpoint_auth_method="tls_client_auth", **names)


def a_self_signed_client(jwks: dict[str, Any]) -> RegisteredClient:
    return a_client(token_endpoint_auth_method="self_signed_tls_client_auth", jwks=jwks)


def ask(
    browser: FlaskClient,
    client: RegisteredClient,
    certificate: x509.Certificate | None,
    *,
    written: Callable[[x509.Certificate], str] = as_nginx_says,
    **form: str,
) -> TestResponse:
    headers = {HEADER: written(certificate)} if certificate else {}
    known = {"grant_type": "client_credentials", "client_id": client.client_id, **form}
    return browser.post("/oauth/token", data=known, headers=headers)


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize("written", [as_nginx_says, as_rfc9440_says])
def test_2_1_a_trusted_certificate_of_the_registered_subject_authenticates(
    client: FlaskClient, authority: Authority, written: Callable[[x509.Certificate], str]
) -> None:
    answer = ask(client, a_named_client(), authority.issue(SUBJECT), written=written)
    assert answer.status_code == 200, answer.text


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize("member", NAMES)
def test_2_1_2_each_kind_of_name_may_be_registered(
    client: FlaskClient, authority: Authority, member: str
) -> None:
    text, name = NAMES[member]
    application = a_named_client(**{member: text})
    assert ask(client, application, authority.issue("CN=x", name)).status_code == 200
    others = [other for each, (_text, other) in NAMES.items() if each != member]
    empty = x509.UniformResourceIdentifier("")
    for certificate in (
        authority.issue("CN=x", *others, empty),
        authority.issue("CN=x"),
        authority.issue(f"CN={text}" if "/" not in text else "CN=x"),
    ):
        assert ask(client, application, certificate).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    "subject", ["CN=bills", "CN=bills,O=Other", "O=Bills Ltda", "CN=bills,O=Bills Ltda,C=BR"]
)
def test_2_1_2_another_subject_is_refused(
    client: FlaskClient, authority: Authority, subject: str
) -> None:
    assert ask(client, a_named_client(), authority.issue(subject)).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_2_1_a_stranger_may_write_any_name_into_a_certificate_of_their_own(
    client: FlaskClient,
) -> None:
    forged = Authority().issue(SUBJECT)
    assert ask(client, a_named_client(), forged).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_2_1_a_certificate_that_has_expired_is_refused(
    client: FlaskClient, authority: Authority
) -> None:
    assert ask(client, a_named_client(), authority.issue(SUBJECT, days=-1)).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_2_1_without_authorities_nobody_is_trusted(
    app: Flask, client: FlaskClient, authority: Authority
) -> None:
    app.config["CLIENT_CERTIFICATE_AUTHORITIES"] = ""
    assert ask(client, a_named_client(), authority.issue(SUBJECT)).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_2_2_a_self_signed_certificate_is_the_one_that_is_registered(client: FlaskClient) -> None:
    certificate, jwks = self_signed()
    other, _jwks = self_signed()
    application = a_self_signed_client(jwks)
    assert ask(client, application, certificate).status_code == 200
    assert ask(client, application, other).status_code == 401
    assert ask(client, application, None).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_2_2_an_expired_one_is_refused(client: FlaskClient) -> None:
    certificate, jwks = self_signed(days=-1)
    assert ask(client, a_self_signed_client(jwks), certificate).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_2_the_client_names_itself_by_client_id(client: FlaskClient, authority: Authority) -> None:
    certificate = authority.issue(SUBJECT)
    assert ask(client, a_named_client(), certificate, client_id="unknown").status_code == 401
    assert ask(client, a_named_client(), certificate, client_id="").status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
@pytest.mark.parametrize(
    "text",
    ["", ":", "::", ":AAAA:", ":not base64:", "-----BEGIN%20", "%ff%fe", "x" * 40_000, "NONE"],
)
def test_a_header_that_is_no_certificate_proves_nothing(client: FlaskClient, text: str) -> None:
    application = a_named_client()
    form = {"grant_type": "client_credentials", "client_id": application.client_id}
    answer = client.post("/oauth/token", data=form, headers={HEADER: text})
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "invalid_client"


def test_without_the_setting_no_header_is_looked_at(
    client: FlaskClient, authority: Authority
) -> None:
    certificate, jwks = self_signed()
    application = a_self_signed_client(jwks)
    form = {"grant_type": "client_credentials", "client_id": application.client_id}
    for header in (HEADER, "Client-Cert", "X-SSL-Client-Cert", "X-Forwarded-Client-Cert"):
        for written in (as_nginx_says, as_rfc9440_says):
            headers = {header: written(certificate)}
            assert client.post("/oauth/token", data=form, headers=headers).status_code == 401


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_certificate_says_nothing_for_a_client_of_another_method(
    client: FlaskClient, authority: Authority
) -> None:
    certificate, jwks = self_signed()
    assert ask(client, a_client(jwks=jwks), certificate).status_code == 401
    application = a_self_signed_client(jwks)
    both = ask(client, application, certificate, client_secret="x")
    assert both.status_code == 401
