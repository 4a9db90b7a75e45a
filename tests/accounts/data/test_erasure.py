"""What stays of an erased account, what goes, and who finds it afterwards."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from idp import clock, signing
from idp.accounts import locking, lookup
from idp.accounts.data import erasure
from idp.accounts.errors import LinkInvalid
from idp.accounts.models import Account, BrowserSession, PasswordReset, Registration
from idp.accounts.recovery import resets
from idp.accounts.registration import activation
from idp.audit import Actor, Event, history_of
from idp.extensions import db
from idp.mail import notify
from idp.mail.models import Mail
from idp.mail.rendering import render
from idp.taxids import TaxId
from tests.browsing import sign_in_as
from tests.factories.accounts import JOAO, MARIA, a_registration, a_reset, an_account, joao
from tests.factories.grants import a_grant
from tests.factories.registry import holdings

STAFF = Actor("staff", "t_someone")


def erased(account: Account, **said: str) -> Account:
    """Erased by itself, committed and read anew."""
    assert erasure.erase(account, by=account.actor, at=clock.now(), **said)
    db.session.commit()
    db.session.expire_all()
    return db.session.get_one(Account, account.id)


def test_whoever_nobody_has_to_remember_is_forgotten(app: Flask) -> None:
    maria = erased(an_account(landline="+551133334444", mobile="+5511999998888"))
    assert (maria.email, maria.landline, maria.mobile, maria.password_hash) == ("", "", "", "")
    assert maria.name == maria.public_id
    assert maria.party is None
    assert maria.locked_at == maria.erased_at


def test_name_and_tax_id_stay_where_a_grant_needs_them(app: Flask) -> None:
    maria = an_account()
    a_grant(maria, joao(), holdings(maria.tax_id, 1))
    maria = erased(maria)
    assert (maria.name, str(maria.party), maria.email) == ("Maria da Silva", MARIA, "")
    guest = db.session.scalars(select(Account).where(Account.tax_id == joao_id())).one()
    assert erased(guest).name == "João Souza"


def joao_id() -> TaxId:
    return TaxId.parse_canonical(JOAO)


def test_nothing_finds_the_account_by_what_the_person_knew(app: Flask) -> None:
    maria = an_account()
    a_grant(maria, joao(), holdings(maria.tax_id, 1))
    erased(maria)
    tax_id = TaxId.parse_canonical(MARIA)
    assert lookup.find_by_tax_id(tax_id) is None
    assert lookup.find_credentials(tax_id) is None
    assert lookup.find_by_email("maria@example.com") is None


def test_the_same_person_may_register_again_and_gets_nothing_of_the_old_account(
    app: Flask, client: object
) -> None:
    former = erased(an_account())
    registration = a_registration(email="new@example.com")
    with app.test_request_context():
        activation.activate(signing.sign("activation", registration.public_id), at=clock.now())
    again = lookup.find_by_tax_id(TaxId.parse_canonical(MARIA))
    assert again is not None
    assert again.id != former.id


def test_sessions_recovery_links_and_waiting_forms_go(app: Flask) -> None:
    maria, guest = an_account(), joao()
    for account in (maria, guest):
        sign_in_as(app.test_client(), account, user_agent="Firefox")
        a_reset(account)
    a_registration()
    a_registration(JOAO)
    erased(maria)
    session, other = db.session.scalars(select(BrowserSession).order_by("id")).all()
    assert (session.ended_at is None, session.user_agent, session.address) == (False, "", None)
    assert (other.ended_at, other.user_agent) == (None, "Firefox")
    assert [each.account_id for each in db.session.scalars(select(PasswordReset))] == [guest.id]
    assert [str(each.tax_id) for each in db.session.scalars(select(Registration))] == [JOAO]


def test_the_trail_names_who_did_it_and_no_personal_data(app: Flask) -> None:
    maria = an_account()
    erasure.erase(maria, by=STAFF, at=clock.now(), reason="asked by phone", confirmation="yes")
    event = history_of("account", maria.public_id)[0]
    assert (event.event, event.actor) == (Event.ACCOUNT_ERASED.value, "staff:t_someone")
    assert event.data == {"sessions": 0, "confirmation": "yes", "reason": "asked by phone"}


@pytest.mark.parametrize("locale", ["en", "es", "pt-BR"])
@pytest.mark.parametrize("by_staff", [True, False])
def test_the_last_mail_goes_to_the_address_that_is_forgotten(
    app: Flask, locale: str, by_staff: bool
) -> None:
    maria = an_account(locale=locale, name="Maria & Ana")
    erasure.erase(maria, by=STAFF if by_staff else maria.actor, at=clock.now())
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.template, mail.recipient_address) == ("account_erased", "maria@example.com")
    rendered = render(mail)
    assert "Maria & Ana" in rendered.text
    assert "Maria &amp; Ana" in rendered.html
    assert "ajuda@outorga.test" in rendered.text
    assert ("closed" in rendered.text) == (locale == "en")


def test_nobody_writes_to_an_erased_account(app: Flask) -> None:
    maria = erased(an_account())
    notify("password_changed", to=maria.recipient, at=clock.now().isoformat())
    assert [each.template for each in db.session.scalars(select(Mail))] == ["account_erased"]


def test_erasing_twice_changes_nothing(app: Flask) -> None:
    maria = erased(an_account())
    at = maria.erased_at
    assert not erasure.erase(maria, by=STAFF, at=clock.now() + timedelta(days=1))
    assert maria.erased_at == at
    assert len(list(db.session.scalars(select(Mail)))) == 1


def test_a_locked_account_can_be_erased_and_keeps_the_moment_of_its_lock(app: Flask) -> None:
    before = clock.now() - timedelta(days=3)
    maria = erased(an_account(locked_at=before))
    assert maria.locked_at == before
    assert maria.erased_at is not None


def test_no_lock_is_taken_off_an_erased_account(app: Flask) -> None:
    maria = erased(an_account())
    assert not locking.unlock(maria, by=STAFF, at=clock.now(), reason="please")
    assert maria.locked_at is not None


def test_a_recovery_link_that_was_sent_before_opens_nothing(app: Flask) -> None:
    maria = an_account()
    token = signing.sign("reset", a_reset(maria).public_id)
    erased(maria)
    with pytest.raises(LinkInvalid):
        resets.reset_password(token, password_hash="x", at=clock.now())


@pytest.mark.parametrize(
    "wrong",
    [
        {"tax_id": TaxId.parse_canonical(MARIA)},  # to be found again
        {"erased_at": None},  # nobody's
        {"locked_at": None},  # let in again
    ],
)
def test_the_database_refuses_an_account_that_is_half_erased(
    app: Flask, wrong: dict[str, object]
) -> None:
    maria = erased(an_account())
    for name, value in wrong.items():
        setattr(maria, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
