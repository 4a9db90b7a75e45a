"""The example application, against a provider that answers as the test wants."""

import time
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from authlib.integrations.base_client import OAuthError
from flask import Flask, session
from flask.testing import FlaskClient

from examples.segunda_via import bills, create_app, provider
from examples.segunda_via.sessions import Visit, visits
from tests.hostile import HOSTILE, LONG
from tests.together import at_once
from tests.world import address_of

ISSUER = "http://localhost:8000"
OWN, LENT = "3001234567", "3009876543"
SWITCH = "/sign-in?switch=1"


class FakeProvider:
    """Introspection and refresh without a network."""

    def __init__(self) -> None:
        self.active = True
        self.reachable = True
        self.refreshes = True
        self.details = [
            access("owner", "br:cpf:52998224725", ["read", "write"], OWN),
            access("delegate", "br:cpf:39053344705", ["read"], LENT),
        ]
        self.refreshed: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.taking = HTTPStatus.CREATED

    def post(self, address: str, *, json: Any, headers: Any, timeout: float) -> Any:
        self._check()
        assert headers == {"Authorization": "Bearer access-token"}
        if self.taking < HTTPStatus.BAD_REQUEST:
            self.told.append({"to": address, **json["uses"][0]})
        return SimpleNamespace(ok=self.taking < HTTPStatus.BAD_REQUEST, status_code=self.taking)

    def introspect_token(self, _endpoint: str, *, token: str) -> Any:
        self._check()
        claims = {"active": self.active, "authorization_details": self.details}
        return SimpleNamespace(ok=True, json=lambda: claims)

    def refresh_token(self, _endpoint: str, *, refresh_token: str) -> dict[str, Any]:
        self._check()
        time.sleep(0.05)
        self.refreshed.append(refresh_token)
        if not self.refreshes:
            raise OAuthError("invalid_grant")
        return {"access_token": "new", "refresh_token": "next", "expires_in": 300}

    def _check(self) -> None:
        if not self.reachable:
            raise requests.ConnectionError


def access(relation: str, holder: str, actions: list[str], code: str) -> dict[str, Any]:
    grant = {} if relation == "owner" else {"grant_id": "g_1"}
    return {
        **grant,
        "type": "installation_access",
        "relation": relation,
        "holder": holder,
        "actions": actions,
        "installations": [code],
    }


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    fake = FakeProvider()
    endpoints = {name: f"{ISSUER}/{name}" for name in ("introspection_endpoint", "token_endpoint")}
    endpoints["end_session_endpoint"] = f"{ISSUER}/oauth/logout"
    monkeypatch.setattr(provider, "_session", lambda: fake)
    monkeypatch.setattr(requests, "post", fake.post)
    monkeypatch.setattr(
        "authlib.integrations.base_client.sync_app.OAuth2Mixin.load_server_metadata",
        lambda _self: endpoints,
    )
    return fake


@pytest.fixture
def application(fake: FakeProvider, monkeypatch: pytest.MonkeyPatch) -> Flask:
    settings = {"ISSUER": ISSUER, "APPLICATION": "http://localhost:8001", "CLIENT_ID": "x"}
    for name, value in {**settings, "CLIENT_SECRET": "y", "SECRET_KEY": "z" * 32}.items():
        monkeypatch.setenv(name, value)
    app = create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def visit(application: Flask) -> Visit:
    return Visit("Maria", "id-token", "access-token", "refresh-token", time.time() + 300)


@pytest.fixture
def browser(application: Flask, visit: Visit) -> FlaskClient:
    """Signed in as `visit`."""
    client = application.test_client()
    with application.test_request_context():
        visits().begin(visit)
        name = session["visit"]
    with client.session_transaction() as cookie:
        cookie["visit"] = name
    return client


def pay(browser: FlaskClient, code: str, number: str = "") -> Any:
    bill = number or bills.bills_of(code, date.today())[0].number
    return browser.post(f"/bills/{code}/payments", data={"number": bill})


def test_every_installation_is_listed_under_its_holder(browser: FlaskClient) -> None:
    page = browser.get("/bills").text
    assert "In your name" in page
    assert "For CPF 390.533.447-05" in page
    assert OWN in page
    assert LENT in page


def test_the_pay_button_needs_write(browser: FlaskClient) -> None:
    assert "/payments" in browser.get(f"/bills/{OWN}").text
    assert "/payments" not in browser.get(f"/bills/{LENT}").text


def test_paying_is_asked_for_anew_whatever_the_page_showed(
    browser: FlaskClient, fake: FakeProvider
) -> None:
    assert pay(browser, OWN).status_code == HTTPStatus.SEE_OTHER
    fake.details[0]["actions"] = ["read"]
    refused = pay(browser, OWN)
    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert "Nothing was paid" in refused.text
    assert pay(browser, LENT).status_code == HTTPStatus.FORBIDDEN


def test_a_bill_of_another_installation_is_not_paid(browser: FlaskClient) -> None:
    assert pay(browser, OWN, number=f"{LENT}-202601").status_code == HTTPStatus.NOT_FOUND


def test_access_that_ended_is_refused_and_said(browser: FlaskClient, fake: FakeProvider) -> None:
    browser.get("/bills")
    del fake.details[1]
    page = browser.get(f"/bills/{LENT}")
    assert page.status_code == HTTPStatus.FORBIDDEN
    assert "Your access has ended" in page.text
    assert f"access to installation {LENT}" in browser.get("/bills").text
    assert LENT not in browser.get("/bills").text


class TestWhatOthersGrantsWereUsedFor:
    def test_is_told_once_a_visit(self, browser: FlaskClient, fake: FakeProvider) -> None:
        browser.get(f"/bills/{LENT}")
        browser.get(f"/bills/{LENT}")
        (told,) = fake.told
        assert told["to"] == f"{ISSUER}/api/v1/grants/g_1/uses"
        assert (told["action"], told["installation"]) == ("read", LENT)
        fake.details[1]["actions"].append("write")
        pay(browser, LENT)
        assert [each["action"] for each in fake.told] == ["read", "write"]
        assert len({each["reference"] for each in fake.told}) == 2

    def test_is_nobody_elses_business_on_ones_own(
        self, browser: FlaskClient, fake: FakeProvider
    ) -> None:
        browser.get(f"/bills/{OWN}")
        pay(browser, OWN)
        assert fake.told == []

    def test_is_told_again_until_there_is_an_answer(
        self, browser: FlaskClient, fake: FakeProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_args: object, **_kwargs: object) -> None:
            raise requests.ConnectionError

        with monkeypatch.context() as away:
            away.setattr(requests, "post", fail)
            assert browser.get(f"/bills/{LENT}").status_code == HTTPStatus.OK
        for status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
            fake.taking = status
            browser.get(f"/bills/{LENT}")
        fake.taking = HTTPStatus.CREATED
        browser.get(f"/bills/{LENT}")
        browser.get(f"/bills/{LENT}")
        assert len(fake.told) == 1

    def test_is_let_go_when_it_is_refused_for_good(
        self, browser: FlaskClient, fake: FakeProvider, visit: Visit
    ) -> None:
        fake.taking = HTTPStatus.NOT_FOUND
        assert browser.get(f"/bills/{LENT}").status_code == HTTPStatus.OK
        assert visit.untold == []


def test_sets_permit_nothing_by_themselves(browser: FlaskClient, fake: FakeProvider) -> None:
    fake.details = [{"type": "installation_set", "relation": "owner", "count": 120}]
    page = browser.get("/bills").text
    assert "You may see 120 installations, too many to list here." in page
    assert browser.get(f"/bills/{OWN}").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("code", ["x", "%00", "..%2f..%2f", "<script>", "a" * 5000, "'--"])
def test_an_installation_that_is_nobodys_is_refused(browser: FlaskClient, code: str) -> None:
    page = browser.get(f"/bills/{code}")
    assert page.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert "<script>" not in page.text


@pytest.mark.parametrize("change", [{"active": False}, {"refreshes": False}])
def test_a_sign_in_that_ended_at_the_provider_ends_here(
    browser: FlaskClient, fake: FakeProvider, visit: Visit, change: dict[str, bool]
) -> None:
    vars(fake).update(change)
    visit.expires_at = 0
    page = browser.get("/bills", follow_redirects=True)
    assert "Your sign-in has ended" in page.text
    assert browser.get("/bills").status_code == HTTPStatus.SEE_OTHER


@pytest.mark.parametrize("call", [lambda b: b.get("/bills"), lambda b: pay(b, OWN)])
def test_without_an_answer_of_the_provider_nothing_is_shown_or_paid(
    browser: FlaskClient, fake: FakeProvider, visit: Visit, call: Callable[[FlaskClient], Any]
) -> None:
    fake.reachable = False
    assert call(browser).status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert visit.paid == set()


def test_a_refresh_token_is_used_once_by_requests_at_the_same_time(
    application: Flask, fake: FakeProvider, visit: Visit
) -> None:
    visit.expires_at = 0

    def ask() -> int:
        return len(provider.current_access(visit)[0])

    assert at_once(*[ask] * 4, within=application.app_context) == [2, 2, 2, 2]
    assert fake.refreshed == ["refresh-token"]
    assert (visit.access_token, visit.refresh_token) == ("new", "next")


def test_no_token_reaches_the_browser(browser: FlaskClient) -> None:
    page = browser.get("/bills")
    cookies = str(browser._cookies) + page.headers.get("Set-Cookie", "")
    assert "token" not in cookies + page.text.replace("csrf_token", "")


def test_an_answer_of_another_provider_is_refused(application: Flask) -> None:
    client = application.test_client()
    answer = client.get("/callback?code=x&state=y&iss=https://evil.test", follow_redirects=True)
    assert "You were not signed in" in answer.text


@pytest.mark.parametrize("query", ["", "?error=access_denied", "?code=x&state=y", "?state=%00"])
def test_a_sign_in_that_did_not_happen_is_explained(application: Flask, query: str) -> None:
    issuer = f"{'&' if query else '?'}iss={ISSUER}"
    answer = application.test_client().get(f"/callback{query}{issuer}", follow_redirects=True)
    assert answer.status_code == HTTPStatus.OK
    assert "You were not signed in" in answer.text


def test_signing_out_goes_on_to_the_provider(browser: FlaskClient) -> None:
    answer = browser.post("/sign-out")
    assert answer.location.startswith(f"{ISSUER}/oauth/logout?")
    assert "id_token_hint=id-token" in answer.location
    assert browser.get("/bills").location == "/"


def test_forms_need_their_token(application: Flask, browser: FlaskClient) -> None:
    application.config["WTF_CSRF_ENABLED"] = True
    assert browser.post("/sign-out").status_code == HTTPStatus.BAD_REQUEST
    assert pay(browser, OWN).status_code == HTTPStatus.BAD_REQUEST


def test_bills_are_the_same_every_time() -> None:
    today = date(2026, 1, 31)
    assert bills.bills_of(OWN, today) == bills.bills_of(OWN, today)
    assert [bill.due.month for bill in bills.bills_of(OWN, today)] == [1, 12, 11]
    assert bills.shown("br:cnpj:12ABC34501DE35") == "CNPJ 12.ABC.345/01DE-35"


@pytest.mark.parametrize("value", HOSTILE.values(), ids=list(HOSTILE))
def test_no_hostile_value_is_a_fault(application: Flask, browser: FlaskClient, value: str) -> None:
    """In any address or form of the application."""
    short = value[:LONG]
    query = urlencode(dict.fromkeys(("installation", "problem", "code", "state", "iss"), short))
    for client in (application.test_client(), browser):
        for rule in application.url_map.iter_rules():
            address = f"{address_of(rule, short)}?{query}"
            if rule.endpoint in ("bills.callback", "bills.sign_in"):  # these ask the provider
                continue
            for method in {"GET", "POST"} & (rule.methods or set()):
                answer = client.open(address, method=method, data={"number": value})
                assert answer.status_code < 500, (method, address)


def test_a_part_of_a_form_without_a_name_is_refused(browser: FlaskClient) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    assert browser.post("/sign-out", data=body, content_type=kind).status_code == 400


def test_acting_for_somebody_else_asks_the_provider_to_ask_again(
    browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []

    def remember(_address: str, **extra: Any) -> Any:
        asked.append(extra)
        return "off to the provider"

    monkeypatch.setattr(provider.oauth.outorga, "authorize_redirect", remember)
    assert f'href="{SWITCH}"' in browser.get("/bills").text
    browser.get(SWITCH)
    browser.get("/sign-in")
    assert asked == [{"prompt": "select_account"}, {}]
