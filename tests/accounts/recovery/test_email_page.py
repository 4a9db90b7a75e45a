"""`/account/email`: change my address, see what awaits its confirmation."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account, BrowserSession
from idp.accounts.recovery.models import EmailChange, Origin
from idp.audit import history_of
from idp.extensions import db
from tests.browsing import errors_of, post, sign_in_as, values_of
from tests.factories.accounts import an_account, joao
from tests.factories.mail import queued
from tests.factories.recovery import NEW, an_email_change

PATH = "/account/email"


@pytest.fixture
def maria(client: FlaskClient) -> Account:
    account = an_account()
    sign_in_as(client, account)
    return account


def changes() -> list[EmailChange]:
    return list(db.session.scalars(select(EmailChange).order_by(EmailChange.id)))


def test_a_new_address_is_written_to_and_the_old_one_warned(
    client: FlaskClient, maria: Account
) -> None:
    response = post(client, PATH, {"new_email": "Maria.NOVA@example.org"})
    assert (response.status_code, response.location) == (303, PATH)
    assert queued() == [
        ("email_confirmation", NEW),
        ("email_change_requested", "maria@example.com"),
    ]
    assert db.session.get_one(Account, maria.id).email == "maria@example.com"
    assert NEW in client.get(PATH).text
    (asked,) = history_of("account", maria.public_id)
    assert (asked.event, asked.actor) == ("email_change.requested", str(maria.actor))
    assert "example" not in str(asked.data)


def test_a_second_change_takes_the_place_of_the_first(client: FlaskClient, maria: Account) -> None:
    for address in ("first@example.org", "second@example.org"):
        post(client, PATH, {"new_email": address})
    first, second = changes()
    assert first.ended_at is not None
    assert second.ended_at is None
    page = client.get(PATH).text
    assert "second@example.org" in page
    assert "first@example.org" not in page


def test_it_can_be_sent_again_and_given_up(client: FlaskClient, maria: Account) -> None:
    an_email_change(maria)
    assert post(client, f"{PATH}/resend", form_path=PATH).location == PATH
    assert queued() == [("email_confirmation", NEW)]
    assert post(client, f"{PATH}/cancel", form_path=PATH).location == PATH
    assert NEW not in client.get(PATH).text
    (change,) = changes()
    assert change.ended_at is not None
    for action in ("resend", "cancel"):  # there is nothing left of it
        assert post(client, f"{PATH}/{action}", form_path=PATH).location == PATH
    assert len(queued()) == 1


def test_sending_it_again_and_again_is_limited(client: FlaskClient, maria: Account) -> None:
    an_email_change(maria)
    answers = [post(client, f"{PATH}/resend", form_path=PATH) for _ in range(6)]
    assert [each.status_code for each in answers] == [303] * 5 + [429]


def test_what_staff_entered_is_shown_with_its_waiting_time(
    client: FlaskClient, maria: Account
) -> None:
    an_email_change(maria, origin=Origin.STAFF, opens_at=clock.now() + timedelta(hours=20))
    page = client.get(PATH).text
    assert "Our staff entered" in page
    assert NEW in page


@pytest.mark.parametrize("value", ["", "x", "x@", "x" * 9999, "MARIA@example.com"])
def test_a_bad_address_is_named_and_kept(client: FlaskClient, maria: Account, value: str) -> None:
    response = post(client, PATH, {"new_email": value})
    assert response.status_code == 422
    assert list(errors_of(response)) == ["new_email"]
    assert values_of(response)["new_email"] == value
    assert changes() == []


def test_another_accounts_address_is_taken_until_it_is_confirmed_without_a_word(
    client: FlaskClient, maria: Account
) -> None:
    joao()
    assert post(client, PATH, {"new_email": "joao@example.com"}).status_code == 303


@pytest.mark.parametrize("action", ["", "/resend", "/cancel"])
def test_the_password_is_asked_for_again(app: Flask, client: FlaskClient, action: str) -> None:
    account = an_account()
    an_email_change(account)
    long_ago = clock.now() - timedelta(hours=1)
    session = sign_in_as(client, account, authenticated_at=long_ago, created_at=long_ago)
    assert client.get(PATH).location == "/account/confirm?next=/account/email"
    response = post(client, PATH + action, {"new_email": NEW}, form_path="/account/confirm")
    assert response.location.startswith("/account/confirm")
    db.session.delete(db.session.get_one(BrowserSession, session.id))
    db.session.commit()
    assert client.get(PATH).location.startswith("/login")
    (change,) = changes()
    assert change.ended_at is None


def test_nobody_sees_or_ends_somebody_elses(app: Flask, client: FlaskClient) -> None:
    an_email_change(an_account())
    sign_in_as(client, joao())
    assert NEW not in client.get(PATH).text
    post(client, f"{PATH}/cancel", form_path=PATH)
    post(client, f"{PATH}/resend", form_path=PATH)
    (change,) = changes()
    assert change.ended_at is None
    assert queued() == []


def test_what_was_typed_before_the_second_factor_waits_here(client: FlaskClient) -> None:
    """See `/recover/change-email`: the sign-in that follows keeps it for this account alone."""
    account = an_account()
    with client.session_transaction() as kept:
        kept["typed"] = [PATH, int(clock.now().timestamp()), {"new_email": [NEW]}, ""]
    sign_in_as(client, account)
    assert values_of(client.get(PATH))["new_email"] == NEW


@pytest.mark.parametrize("action", ["/resend", "/cancel"])
def test_a_button_without_a_page_leads_back_to_the_page_it_is_on(
    client: FlaskClient, action: str
) -> None:
    """Whoever has to confirm first gets there with a GET."""
    account = an_account()
    long_ago = clock.now() - timedelta(hours=1)
    sign_in_as(client, account, authenticated_at=long_ago, created_at=long_ago)
    an_email_change(account)
    asked = post(client, f"{PATH}{action}", form_path="/account/confirm")
    assert asked.location == f"/account/confirm?next={PATH}"
