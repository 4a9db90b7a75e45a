"""`request_uri` SSRF: an address is asked only if the client registered it to the letter, and if it
lies outside our own network (RFC 9101 sections 5.2 and 10.4)."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.errors import TooManyAttempts
from idp.oauth.authorization import pushed
from idp.rate_limits import Limit
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.oauth import flow, pushing, signing
from tests.outbound.conftest import Names
from tests.outbound.servers import Host, saying


@pytest.fixture
def browser(
    app: Flask,
    client: FlaskClient,
    certificates: Path,
    names: Names,
    monkeypatch: pytest.MonkeyPatch,
) -> FlaskClient:
    """Maria's, at a provider that may ask `keys.example` on this computer."""
    monkeypatch.setitem(app.config, "OUTBOUND_ALLOWED", ("127.0.0.0/8",))
    monkeypatch.setitem(app.config, "OUTBOUND_CA_BUNDLE", str(certificates / "authority.pem"))
    sign_in_as(client, an_account())
    return client


def test_the_object_is_fetched_checked_and_followed(browser: FlaskClient, host: Host) -> None:
    uri = host.url("/object")
    application = signing.a_signing_client(request_uris=(uri,))
    host.behave = saying(signing.signed(application, state="fetched").encode() + b"\n")
    sent = browser.get(pushing.address_of(application, uri))
    assert sent.headers["Location"].startswith("/oauth/authorize?")
    assert flow.answered(browser.get(sent.headers["Location"]))["state"] == "fetched"
    assert [path for _method, path, _headers in host.asked] == ["/object"]


def test_only_what_is_registered_is_asked_for_to_the_letter(
    browser: FlaskClient, host: Host
) -> None:
    application = signing.a_signing_client(request_uris=(host.url("/object"),))
    for uri in (
        host.url("/object/"),
        host.url("/object?x=1"),
        host.url("/object#x"),
        host.url("/other/../object"),
        host.url("/object", scheme="http"),
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "urn:ietf:params:oauth:request_uri",
    ):
        refused = browser.get(pushing.address_of(application, uri))
        assert signing.error_of(refused) == "invalid_request_uri", uri
    assert host.asked == []


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_a_registered_name_that_leads_into_our_network_is_not_asked(
    browser: FlaskClient, host: Host, names: Names, inside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(browser.application.config, "OUTBOUND_ALLOWED", ())
    names.answers["keys.example"] = [[inside]]
    application = signing.a_signing_client(request_uris=(host.url(),))
    refused = browser.get(pushing.address_of(application, host.url()))
    assert signing.error_of(refused) == "invalid_request_uri"
    assert host.asked == []


def test_a_host_that_has_no_object_is_the_clients_own_trouble(
    browser: FlaskClient, host: Host
) -> None:
    application = signing.a_signing_client(request_uris=(host.url(),))
    for behaviour, error in (
        (saying(b"", 404), "invalid_request_uri"),
        (saying(b"", 302, Location="https://127.0.0.1/"), "invalid_request_uri"),
        (saying(b"x" * 100_000), "invalid_request_uri"),
        (saying(b"<html>"), "invalid_request_object"),
        (saying(b"\xff\xfe"), "invalid_request_object"),
    ):
        host.behave = behaviour
        refused = browser.get(pushing.address_of(application, host.url()))
        assert signing.error_of(refused) == error


def test_a_host_is_not_asked_without_end(browser: FlaskClient, host: Host) -> None:
    application = signing.a_signing_client(request_uris=(host.url(),))
    use_up(pushed.UNPROVEN)
    refused = browser.get(pushing.address_of(application, host.url()))
    assert refused.status_code == 429
    assert host.asked == []


def use_up(limit: Limit) -> None:
    """Of this computer, for a while."""
    with pytest.raises(TooManyAttempts):
        for _ in range(2 * limit.burst):
            limit.hit("127.0.0.1")
