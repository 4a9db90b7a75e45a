"""Whoever may name an address must not reach our own network with it, nor hold a process up."""

import gzip
import time
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
from flask import Flask

from idp import outbound
from idp.outbound import Unreachable, addresses
from idp.outbound.errors import Reason
from tests.outbound import servers
from tests.outbound.conftest import Names
from tests.outbound.servers import NAME, Host, saying


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - what must not be asked
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:8.8.8.8",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:a00:1::",
        "2001:0:4136:e378::1",
        "::8.8.8.8",
    ],
)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not addresses.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.6.139", "2606:4700::6810:84e5"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert addresses.is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://keys.example/",  # allowed by network, but plain: see below
        "ftp://keys.example/",
        "file:///etc/passwd",
        "gopher://keys.example/",
        "https://user:password@keys.example/",
        "https://@keys.example/",
        "https://keys.example\\@10.0.0.1/",
        "https://keys.example/a b",
        "https://keys.example/\r\nHost: other",
        "https://keys.example:99999/",
        "https:///",
        "https://10.0.0.1/",
        "https://[fd00::1]/",
        "https://0x0a000001/",
        "https://kéys.example/",
        "",
    ],
)
def test_an_address_of_another_kind_is_not_asked(outside: Flask, names: Names, url: str) -> None:
    names.answers[NAME] = [["10.0.0.1"]]
    with pytest.raises(Unreachable):
        outbound.get(url, seconds=1)


def test_a_name_that_leads_into_our_network_is_refused(outside: Flask, names: Names) -> None:
    names.answers[NAME] = [["169.254.169.254"]]
    with pytest.raises(Unreachable) as refusal:
        outbound.get(f"https://{NAME}/")
    assert refusal.value.reason is Reason.ADDRESS
    assert "169" not in str(refusal.value)


def test_one_private_address_among_public_ones_is_enough(outside: Flask, names: Names) -> None:
    names.answers[NAME] = [["8.8.8.8", "10.0.0.1"]]
    with pytest.raises(Unreachable) as refusal:
        outbound.get(f"https://{NAME}/")
    assert refusal.value.reason is Reason.ADDRESS


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_connected_to(
    outside: Flask, names: Names, host: Host
) -> None:
    names.answers[NAME] = [["127.0.0.1"], ["10.0.0.1"]]  # rebinding: another answer for the second
    assert outbound.get(host.url("/jwks")).body == b"{}"
    assert names.asked == [NAME]
    assert host.server_names == [NAME]
    assert host.asked[0][2]["Host"] == f"{NAME}:{host.port}"


def test_a_redirect_is_not_followed(outside: Flask, names: Names, host: Host) -> None:
    host.behave = saying(b"", 302, Location="https://127.0.0.1:1/latest/meta-data")
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url())
    assert refusal.value.reason is Reason.STATUS
    assert len(host.asked) == 1


def test_a_certificate_for_another_name_is_refused(
    outside: Flask, names: Names, host: Host
) -> None:
    names.answers["other.example"] = [["127.0.0.1"]]
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url(name="other.example"))
    assert refusal.value.reason is Reason.CERTIFICATE
    assert host.asked == []


def test_an_authority_that_nobody_trusts_is_refused(
    outside: Flask, names: Names, tmp_path: Path
) -> None:
    servers.certify(tmp_path, NAME)
    with (
        servers.running(saying(b"{}"), tmp_path) as stranger,
        pytest.raises(Unreachable) as refusal,
    ):
        outbound.get(stranger.url())
    assert refusal.value.reason is Reason.CERTIFICATE


def test_an_answer_without_end_is_cut_off(outside: Flask, names: Names, host: Host) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    host.behave = endless
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url(), maximum_bytes=100_000)
    assert refusal.value.reason is Reason.SIZE


@pytest.mark.parametrize("part", ["headers", "body"])
def test_an_answer_that_drips_is_cut_off(
    outside: Flask, names: Names, host: Host, part: str
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b""))
        for _second in range(100):
            handler.wfile.write(b"X-A: b\r\n")
            time.sleep(0.05)

    host.behave = drip
    began = time.monotonic()
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url(), seconds=0.4)
    assert refusal.value.reason is Reason.TIME
    assert time.monotonic() - began < 2


def test_a_host_that_says_nothing_is_left_alone(outside: Flask, names: Names, host: Host) -> None:
    host.behave = lambda _handler: time.sleep(1)
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url(), seconds=0.3)
    assert refusal.value.reason is Reason.TIME


def test_a_compressed_answer_is_never_unfolded(outside: Flask, names: Names, host: Host) -> None:
    bomb = gzip.compress(bytes(10_000_000))
    assert len(bomb) < 64 * 1024
    host.behave = saying(bomb, Content_Encoding="gzip")
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url())
    assert refusal.value.reason is Reason.ENCODING
    assert host.asked[0][2]["Accept-Encoding"] == "identity"


def test_a_proxy_of_the_environment_is_not_used(
    outside: Flask, names: Names, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert outbound.get(host.url()).status == 200


def test_plain_http_is_only_for_allowed_hosts_outside_production(
    outside: Flask, names: Names
) -> None:
    with servers.running(saying(b"{}"), None) as plain:
        url = plain.url(scheme="http")
        assert outbound.get(url).body == b"{}"
        outside.config["OUTBOUND_ALLOWED"] = (NAME,)
        assert outbound.get(url).body == b"{}"
        outside.config["OUTBOUND_ALLOWED"] = ()
        with pytest.raises(Unreachable):
            outbound.get(url)
        outside.config.update(OUTBOUND_ALLOWED=(NAME,), MODE="production")
        with pytest.raises(Unreachable):
            outbound.get(url)


def test_an_allowed_name_says_nothing_of_others(outside: Flask, names: Names, host: Host) -> None:
    outside.config["OUTBOUND_ALLOWED"] = ("other.example",)
    with pytest.raises(Unreachable) as refusal:
        outbound.get(host.url())
    assert refusal.value.reason is Reason.ADDRESS


def test_a_form_is_posted_and_every_status_is_told(
    outside: Flask, names: Names, host: Host
) -> None:
    host.behave = saying(b"no", 400)
    answer = outbound.post(host.url("/logout"), form={"logout_token": "a b&c"})
    assert (answer.status, answer.body) == (400, b"no")
    assert host.bodies == [b"logout_token=a+b%26c"]
    method, path, headers = host.asked[0]
    assert (method, path) == ("POST", "/logout")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Cookie" not in headers
