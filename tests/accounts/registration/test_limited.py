"""A tax id in whose name nothing stands gets an account all the same, with what that allows."""

from flask import Flask
from flask.testing import FlaskClient

from idp.accounts.models import Assurance
from tests.browsing import sign_in_as
from tests.factories.accounts import MARIA, an_account
from tests.factories.registry import an_installation

HEADING = "What you can do meanwhile"


def test_without_installations_the_page_says_what_the_account_is_good_for(
    app: Flask, client: FlaskClient
) -> None:
    account = an_account(assurance=Assurance.DECLARED)
    sign_in_as(client, account)
    assert HEADING in client.get("/installations?lang=en").text
    account.assurance = Assurance.PROVEN
    an_installation(MARIA, "3001")
    assert HEADING not in client.get("/installations?lang=en").text


def test_an_installation_that_comes_later_appears_by_itself(
    app: Flask, client: FlaskClient
) -> None:
    sign_in_as(client, an_account())
    assert "3001" not in client.get("/installations").text
    an_installation(MARIA, "3001")
    assert "3001" in client.get("/installations").text
