"""A session that ends while a form is filled in: what was typed is there after signing in."""

from http import HTTPStatus

from flask.testing import FlaskClient

from idp.accounts.models import Assurance
from tests.browsing import csrf_token, let_sessions_expire, post, sign_in_as, values_of
from tests.factories.accounts import PASSWORD, an_account

FORM = "/account/proof"


def test_what_was_typed_comes_back_after_signing_in(client: FlaskClient) -> None:
    account = an_account(assurance=Assurance.DECLARED)
    sign_in_as(client, account)
    token = csrf_token(client, FORM)
    let_sessions_expire(account)

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
    sign_in_as(client, account)
    token = csrf_token(client, FORM)
    let_sessions_expire(account)

    client.post(FORM, data={"csrf_token": token, "password": "a secret", "code": "123456"})
    with client.session_transaction() as session:
        assert "a secret" not in str(dict(session))
        assert "123456" not in str(dict(session))
