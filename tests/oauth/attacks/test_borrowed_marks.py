"""What a person was asked for on the way of one request is nothing for another: `prompt=login` is
not answered by a sign-in that another request asked for, in whosever browser."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client
from tests.oauth import flow


def mark_of(sent: TestResponse) -> str:
    """The one in the address to which the sign-in page comes back."""
    assert sent.headers["Location"].startswith("/login?")
    following = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    return parse_qs(urlsplit(following).query)["asked_again"][0]


@pytest.fixture
def application(app: object) -> RegisteredClient:
    return a_client(first_party=True)


@pytest.mark.parametrize("differs", ["state", "nonce", "code_challenge", "scope"])
def test_a_sign_in_that_another_request_asked_for(
    client: FlaskClient, application: RegisteredClient, differs: str
) -> None:
    first = {"prompt": "login", "scope": "openid profile"}
    mark = mark_of(flow.authorize(client, application, **first))
    sign_in_as(client, an_account())
    others = {"code_challenge": "x" * 43, "scope": "openid"}
    another = {**first, differs: others.get(differs, "another")}
    again = flow.authorize(client, application, **another, asked_again=mark)
    assert again.headers["Location"].startswith("/login?")
    same = flow.authorize(client, application, **first, asked_again=mark)
    assert "code" in flow.answered(same)


def test_a_sign_in_that_another_client_asked_for(
    client: FlaskClient, application: RegisteredClient
) -> None:
    mark = mark_of(flow.authorize(client, a_client(first_party=True), prompt="login"))
    sign_in_as(client, an_account())
    again = flow.authorize(client, application, prompt="login", asked_again=mark)
    assert again.headers["Location"].startswith("/login?")
