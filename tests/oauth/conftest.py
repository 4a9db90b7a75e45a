"""Somebody who is signed in, and other hosts for tests of what the provider asks of them."""

import pytest
from flask.testing import FlaskClient

from idp.accounts.models import Account
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.outbound.conftest import certificates, clock, host, names

__all__ = ["certificates", "clock", "host", "names"]


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    """Signed in on `client`."""
    account = an_account()
    sign_in_as(client, account)
    return account
