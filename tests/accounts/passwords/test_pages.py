"""Change the password through the page: what it asks for, of whom, in which market."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.accounts.factors import pending
from idp.accounts.models import Account
from tests.browsing import errors_of, post, read, sign_in_as
from tests.factories.accounts import PASSWORD, an_account

Market = Callable[[str], None]
PATH = "/account/security/password"
SHORT = "trt4n-Lu"


@pytest.fixture
def maria(app: Flask, client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


def change(client: FlaskClient, new: str) -> dict[str, str]:
    """The errors of the page; none when the password was changed."""
    data = {"current_password": PASSWORD, "password": new, "password_confirmation": new}
    response = post(client, PATH, data)
    assert response.status_code in (303, 422)
    return errors_of(response) if response.status_code == 422 else {}


def with_factor(monkeypatch: pytest.MonkeyPatch, has_factor: bool) -> None:
    monkeypatch.setattr(pending, "has_factor", lambda _account_id: has_factor)


def test_a_short_password_is_enough_beside_a_second_factor_and_only_there(
    client: FlaskClient, maria: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_factor(monkeypatch, False)
    assert "at least 15" in change(client, SHORT)["password"]
    with_factor(monkeypatch, True)
    assert "At least 8 characters" in client.get(PATH).text
    assert change(client, SHORT) == {}


def test_whoever_lost_the_factor_chooses_a_longer_one_at_the_next_change(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_as(client, an_account(password=SHORT))
    with_factor(monkeypatch, False)
    data = {"current_password": SHORT, "password": "trt4n-Lx", "password_confirmation": "trt4n-Lx"}
    assert "at least 15" in errors_of(post(client, PATH, data))["password"]


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("123456789012345", "first that a program would try"),
        ("Maria da Silva 1", "whoever knows you"),
        ("529.982.247-25 maria", "whoever knows you"),
        ("x" * 257, "at most 256"),
    ],
)
def test_the_page_says_what_to_do(
    client: FlaskClient, maria: Account, password: str, says: str
) -> None:
    assert says in change(client, password)["password"]


def test_nothing_hinders_pasting_and_password_managers(
    client: FlaskClient, maria: Account, under_profile: Market
) -> None:
    under_profile("lt-business")
    inputs = {each.get("name"): each for each in read(client.get(PATH)).inputs}
    for name in ("password", "password_confirmation"):
        assert inputs[name]["autocomplete"] == "new-password"
        assert "required: upper" in inputs[name]["passwordrules"]
        assert "maxlength" not in inputs[name]
    assert inputs["current_password"]["autocomplete"] == "current-password"
    assert "a capital letter, a small letter, and a digit" in client.get(PATH).text


def test_a_refused_password_is_never_sent_back(client: FlaskClient, maria: Account) -> None:
    typed = "123456789012345"
    data = {"current_password": PASSWORD, "password": typed, "password_confirmation": typed}
    response = post(client, PATH, data)
    assert typed not in response.text
    assert PASSWORD not in response.text
