"""Whoever got into somebody's account is out of everything once the account is taken back."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from idp import clock
from idp.accounts import endings, locking, passwords
from idp.accounts.errors import WrongPassword
from idp.accounts.models import Account, Assurance
from idp.accounts.passwords.services import set_password
from idp.audit import SYSTEM
from idp.extensions import transaction
from tests.browsing import csrf_token, let_sessions_expire, sign_in_as, values_of
from tests.factories.accounts import PASSWORD, an_account, joao
from tests.factories.oauth import a_client, a_resource_server
from tests.oauth import flow

OFFLINE = "openid offline_access"


def change_password(account: Account) -> None:
    new = passwords.hash_password("another long password of hers")
    set_password(account, new, by=SYSTEM, at=clock.now())


def lock_and_unlock(account: Account) -> None:
    locking.lock(account, by=SYSTEM, at=clock.now(), reason="taken over")
    locking.unlock(account, by=SYSTEM, at=clock.now(), reason="it is hers again")


def sign_out_everywhere(account: Account) -> None:
    endings.end_everything(account, at=clock.now())


@pytest.mark.parametrize("take_back", [change_password, lock_and_unlock, sign_out_everywhere])
def test_offline_access_of_the_intruder_ends_too(
    client: FlaskClient, take_back: Callable[[Account], None]
) -> None:
    account = an_account()
    sign_in_as(client, account)
    application, api = a_client(), a_resource_server()
    answer = flow.tokens_for(client, application, scope=OFFLINE)
    with transaction():
        take_back(account)
    refused = flow.refresh(client, application, answer["refresh_token"])
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_grant")
    assert flow.introspect(client, api, answer["access_token"]) == {"active": False}


def test_a_code_in_flight_when_the_password_changes_is_worth_nothing(client: FlaskClient) -> None:
    account = an_account()
    sign_in_as(client, account)
    application = a_client()
    code = flow.code_for(client, application, scope=OFFLINE)
    with transaction():
        change_password(account)
    assert flow.exchange(client, application, code).status_code == 400


def test_the_browser_in_which_the_password_is_changed_keeps_its_applications(
    client: FlaskClient,
) -> None:
    account = an_account()
    here = sign_in_as(client, account)
    application = a_client()
    answer = flow.tokens_for(client, application, scope=OFFLINE)
    with transaction():
        new = passwords.hash_password("another long password of hers")
        set_password(account, new, by=SYSTEM, at=clock.now(), keep=here)
    assert flow.refresh(client, application, answer["refresh_token"]).status_code == 200


def test_a_change_that_was_verified_against_the_old_password_comes_too_late(
    client: FlaskClient,
) -> None:
    account = an_account()
    verified = account.password_hash
    with transaction():
        change_password(account)
    with pytest.raises(WrongPassword), transaction():
        set_password(
            account,
            passwords.hash_password("the intruder's own password"),
            by=SYSTEM,
            at=clock.now(),
            verified=verified,
        )


def interrupted(client: FlaskClient, account: Account, form: str, **typed: str) -> str:
    """Fill in a form for so long that the session ends; where the browser is sent."""
    sign_in_as(client, account)
    token = csrf_token(client, "/account/sessions/others")
    let_sessions_expire(account)
    return str(client.post(form, data={"csrf_token": token, **typed}).location)


def sign_in(client: FlaskClient, account: Account, address: str) -> None:
    form = {
        "csrf_token": csrf_token(client, address),
        "identifier": account.tax_id.formatted,
        "password": PASSWORD,
    }
    assert client.post(address, data=form).status_code == 303


def test_what_one_person_typed_is_not_shown_to_the_next_who_signs_in(client: FlaskClient) -> None:
    maria = an_account(assurance=Assurance.DECLARED)
    other = joao(assurance=Assurance.DECLARED)
    address = interrupted(client, maria, "/account/proof", installation_code="3001234567")
    sign_in(client, other, address)
    assert values_of(client.get("/account/proof"))["installation_code"] == ""


def test_a_stranger_leaves_nothing_for_whoever_signs_in(client: FlaskClient) -> None:
    other = joao(assurance=Assurance.DECLARED)
    token = csrf_token(client, "/login")
    client.post("/account/proof", data={"csrf_token": token, "installation_code": "planted"})
    sign_in(client, other, "/login")
    assert values_of(client.get("/account/proof"))["installation_code"] == ""
