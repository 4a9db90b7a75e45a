"""Decisions without a database: local paths, links, devices."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.utils import redirect

from idp.accounts import return_to
from idp.accounts.errors import LinkExpired, LinkUsed
from idp.accounts.models import Account, PasswordReset, Registration
from idp.accounts.rules import check_activatable, check_usable
from idp.accounts.sign_in.devices import device_name
from idp.taxids import TaxId

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CPF = TaxId("br", "cpf", "52998224725")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/account",
        "/installations/1?page=2",
        "/oauth/authorize?client_id=x&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=a%5Cb",
        "/invitations/InJf.abc-_",
        "/search?q=a//b",
        "/ação",
    ],
)
def test_a_local_path_is_gone_on_to(path: str) -> None:
    assert return_to.safe(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "account",
        "https://evil.example",
        "HTTPS://evil.example",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00/evil.example",
        "/%2fevil.example",
        "/%2Fevil.example",
        "/%252fevil.example",
        "/%25252fevil.example",
        "/%5cevil.example",
        "/%255cevil.example",
        "/%09/evil.example",
        "/..//evil.example",
        "/.%2f/evil.example",
        "/a/..//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:x@evil.example",
        "http:evil.example",
        "/\u2028/evil.example",
        "/\u202eevil",
        "//[::1",
        "/x\r\nLocation: https://evil.example",
        "/" + "a" * 5000,
    ],
)
def test_anything_else_leads_home(target: str | None) -> None:
    assert return_to.safe(target) == "/"
    assert return_to.known(target) == ""


@given(st.text(alphabet="/\\.%2f5cC:@?#ae \t\n", max_size=12))
def test_no_text_leads_to_another_site(target: str) -> None:
    location = redirect(return_to.safe(target)).location
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_an_activation_link_is_good_until_it_expires_or_is_used() -> None:
    registration = Registration(expires_at=AT, activated_at=None)
    check_activatable(registration, AT - timedelta(microseconds=1))
    with pytest.raises(LinkExpired):
        check_activatable(registration, AT)
    registration.activated_at = AT - timedelta(hours=1)
    with pytest.raises(LinkUsed):
        check_activatable(registration, AT - timedelta(minutes=1))


def test_a_reset_link_is_good_until_it_expires_or_is_used_or_the_account_is_locked() -> None:
    reset = PasswordReset(expires_at=AT, used_at=None, account=Account(locked_at=None))
    before = AT - timedelta(seconds=1)
    check_usable(reset, before)
    with pytest.raises(LinkExpired):
        check_usable(reset, AT)
    reset.account.locked_at = before
    with pytest.raises(LinkExpired):
        check_usable(reset, before)
    reset.used_at = before
    with pytest.raises(LinkUsed):
        check_usable(reset, before)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Windows", "Windows"),
        ("", "Unknown device"),
        ("<script>", "Unknown device"),
    ],
)
def test_a_browser_is_named_in_plain_words(app: Flask, user_agent: str, name: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert device_name(user_agent) == name
