"""What a conformance test starts from: somebody signed in, and applications."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from idp.accounts.models import Account, BrowserSession
from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_public_client, a_resource_server


@dataclass
class World:
    """A browser with Maria signed in; a trusted, a public and an unknown-to-her application."""

    browser: FlaskClient
    account: Account
    session: BrowserSession
    trusted: RegisteredClient
    public: RegisteredClient
    other: RegisteredClient
    api: RegisteredClient


@pytest.fixture
def world(client: FlaskClient) -> World:
    account = an_account()
    return World(
        browser=client,
        account=account,
        session=sign_in_as(client, account),
        trusted=a_client(
            first_party=True,
            resources=("https://api.example", "https://bills.example"),
            post_logout_redirect_uris=("https://app.example/bye",),
        ),
        public=a_public_client(),
        other=a_client(),
        api=a_resource_server(resources=("https://api.example", "https://bills.example")),
    )
