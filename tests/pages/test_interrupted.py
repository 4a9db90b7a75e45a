"""A session that ends while a form is filled in: what was typed is there after signing in."""

from datetime import timedelta
from http import HTTPStatus

from flask.testing import FlaskClient

from idp import clock
from idp.accounts.models import Assurance, BrowserSession
from idp.extensions import db
from tests.browsing import csrf_token, post, sign_in_as, values_of
from tests.factories.accounts import PASSWORD, an_account

FORM = "/account/proof"


def expire(session: BrowserSession) -> None:
    """Too long unused; the browser still has the cookie."""
    session.last_seen_at = clock.now() - timedelta(hours=2)
    db.session.commit()


def test_what_was_typed_comes_back_after_signing_in(client: FlaskClient) -> None:
    account = an_account(assurance=Assurance.DECLARED)
    session = sign_in_as(client, account)
    token = csrf_token(client, FORM)
    expire(session)

    interrupted = client.post(FORM, data={"csrf_token": token, "installation_code": "3001234567"})
    assert interrupted.status_code == HTTPStatus.FOUND
    assert "3001234567" not in interrupted.location

    credentials = {"identifier": account.tax_id.formatted, "password": PASSWORD}
    back = post(client, interrupted.location, credentials)
    assert back.status_code == HTTPStatus.SEE_OTHER
    assert values_of(client.get(back.location))["installation_code"] == "3001234567"
    assert values_of(client.get(FORM))["installation_code"] == ""


def test_a_password_typed_when_the_session_ended_is_not_kept(client: FlaskClient) -> None:
    account = an_account()
    session = sign_in_as(client, account)
    token = csrf_token(client, FORM)
    expire(session)

    client.post(FORM, data={"csrf_token": token, "password": "a secret", "code": "123456"})
    with client.session_transaction() as session:
        assert "a secret" not in str(dict(session))
        assert "123456" not in str(dict(session))
