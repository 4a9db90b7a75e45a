"""The same code, the same recovery code, the same answer: by several at the same moment."""

from flask import Flask
from flask.testing import FlaskClient

from idp.accounts.factors.models import Passkey, RecoveryCode, TotpFactor
from idp.accounts.models import BrowserSession
from tests.accounts.factors.habits import APP, FACTOR, challenge, count, give_password
from tests.accounts.factors.test_set_up import secret_on
from tests.accounts.test_concurrency import at_once
from tests.browsing import csrf_token, sign_in_as, values_of
from tests.factories.accounts import an_account
from tests.factories.factors import Authenticator, a_code, a_passkey, an_app, some_codes

AT_ONCE = 5


def waiting_browsers(app: Flask) -> list[tuple[FlaskClient, str]]:
    """Maria's password was typed in each; with the CSRF token of the page that follows."""
    browsers = [app.test_client() for _number in range(AT_ONCE)]
    for browser in browsers:
        give_password(browser)
    return [(browser, csrf_token(browser, FACTOR)) for browser in browsers]


def all_give(app: Flask, code: str) -> list[int]:
    browsers = waiting_browsers(app)

    def give(number: int) -> int:
        browser, token = browsers[number]
        return browser.post(FACTOR, data={"csrf_token": token, "code": code}).status_code

    return at_once(AT_ONCE, give)


def test_one_code_of_an_app_opens_one_session(committed_app: Flask) -> None:
    with committed_app.app_context():
        an_app(an_account())
    assert all_give(committed_app, a_code()) == [303] + [422] * (AT_ONCE - 1)
    assert count(committed_app, BrowserSession) == 1


def test_one_recovery_code_opens_one_session(committed_app: Flask) -> None:
    with committed_app.app_context():
        account = an_account()
        an_app(account)
        code = some_codes(account)[0]
    assert all_give(committed_app, code) == [303] + [422] * (AT_ONCE - 1)
    assert count(committed_app, BrowserSession) == 1


def test_one_sign_in_that_waits_opens_one_session(committed_app: Flask) -> None:
    """Ten good codes, one cookie: the others find that nothing waits any longer."""
    with committed_app.app_context():
        account = an_account()
        an_app(account)
        codes = some_codes(account)
    browser = committed_app.test_client()
    give_password(browser)
    token = csrf_token(browser, FACTOR)
    cookies = [browser.get_cookie(name) for name in ("pending_token", "form")]
    header = "; ".join(f"{each.key}={each.value}" for each in cookies if each)

    def give(number: int) -> int:
        data = {"csrf_token": token, "code": codes[number]}
        copy = committed_app.test_client(use_cookies=False)
        return copy.post(FACTOR, data=data, headers={"Cookie": header}).status_code

    assert at_once(AT_ONCE, give).count(303) >= 1
    assert count(committed_app, BrowserSession) == 1


def test_one_answer_of_a_passkey_opens_one_session(committed_app: Flask) -> None:
    device = Authenticator(counts=None)
    with committed_app.app_context():
        a_passkey(an_account(), device)
    browser = committed_app.test_client()
    answer = device.get(challenge(browser, "/login/passkey/challenge", form_path="/login"))
    token = csrf_token(browser, "/login")
    form = browser.get_cookie("form")
    assert form is not None
    header = f"form={form.value}"

    def give(_number: int) -> int:
        data = {"csrf_token": token, "credential": answer}
        copy = committed_app.test_client(use_cookies=False)
        return copy.post("/login/passkey", data=data, headers={"Cookie": header}).status_code

    assert at_once(AT_ONCE, give) == [303] + [422] * (AT_ONCE - 1)
    assert count(committed_app, BrowserSession) == 1


def test_one_app_and_ten_codes_whatever_is_pressed_at_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        account = an_account()
        browsers = [committed_app.test_client() for _number in range(AT_ONCE)]
        for browser in browsers:
            sign_in_as(browser, account)
    forms = []
    for browser in browsers:
        page = browser.get(APP)
        code = a_code(secret_on(page.text))
        token = csrf_token(browser, APP)
        forms.append({"csrf_token": token, "setup": values_of(page)["setup"], "code": code})

    def add(number: int) -> int:
        return browsers[number].post(APP, data=forms[number]).status_code

    assert at_once(AT_ONCE, add) == [200] + [303] * (AT_ONCE - 1)
    assert count(committed_app, TotpFactor) == 1
    assert count(committed_app, RecoveryCode) == 10
    assert count(committed_app, Passkey) == 0
