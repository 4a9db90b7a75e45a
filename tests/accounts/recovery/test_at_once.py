"""One link by several at once, undoing against confirming, two changes at once: real threads."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from idp import clock
from idp.accounts.lookup import find_by_tax_id
from idp.accounts.models import Account, PasswordReset
from idp.accounts.recovery import email_changes, factor_removals
from idp.accounts.recovery.models import EmailChange, FactorRemoval, Origin
from idp.extensions import db, transaction
from idp.mail.models import Mail
from idp.taxids import TaxId
from tests.accounts.test_concurrency import AT_ONCE, at_once, posting
from tests.conftest import make_app
from tests.factories.accounts import JOAO, MARIA, an_account, joao
from tests.factories.recovery import (
    NEW,
    a_confirmed_change,
    a_removal,
    an_app,
    an_email_change,
    confirmation_path,
    removal_path,
    undo_path,
)

OLD = "maria@example.com"
CODES = ("304151376", "302676635", "110053842", "111111113", "123456786", "300000003")


def account_of(tax_id: str) -> Account:
    account = find_by_tax_id(TaxId.parse_canonical(tax_id))
    assert account is not None
    return account


def mails(template: str) -> int:
    query = select(func.count()).select_from(Mail).where(Mail.template == template)
    return db.session.scalar(query) or 0


def test_one_confirmation_changes_the_address_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        path = confirmation_path(an_email_change(an_account()))
    answers = at_once(AT_ONCE, posting(committed_app, [path] * AT_ONCE, {}))
    assert answers == [303] + [409] * (AT_ONCE - 1)
    with committed_app.app_context():
        assert account_of(MARIA).email == NEW
        assert mails("email_changed") == 1


def test_one_undoing_takes_the_account_back_once(committed_app: Flask) -> None:
    with committed_app.app_context():
        path = undo_path(a_confirmed_change(an_account()))
    answers = at_once(AT_ONCE, posting(committed_app, [path] * AT_ONCE, {}))
    assert answers == [303] + [409] * (AT_ONCE - 1)
    with committed_app.app_context():
        assert account_of(MARIA).email == OLD
        open_resets = select(PasswordReset).where(PasswordReset.used_at.is_(None))
        assert len(db.session.scalars(open_resets).all()) == 1


def test_undoing_wins_against_a_confirmation_at_the_same_moment(committed_app: Flask) -> None:
    """Whichever comes first, the address is the old one in the end."""
    for number in range(AT_ONCE):
        with committed_app.app_context():
            tax_id = TaxId.parse_canonical(f"lt:code:{CODES[number]}")
            account = an_account(tax_id, email=f"old{number}@example.com")
            change = an_email_change(account)
            paths = [undo_path(change), confirmation_path(change)]
        answers = at_once(2, posting(committed_app, paths, {}))
        assert answers in ([303, 303], [303, 410])
        with committed_app.app_context():
            found = find_by_tax_id(tax_id)
            assert found is not None
            assert (found.email, found.password_hash) == (f"old{number}@example.com", "")


def test_of_several_changes_asked_for_at_once_one_stays_open(committed_app: Flask) -> None:
    with committed_app.app_context():
        an_account()

    def ask(number: int) -> int:
        with committed_app.app_context(), transaction():
            account = account_of(MARIA)
            email_changes.ask(
                account,
                f"new{number}@example.org",
                origin=Origin.ACCOUNT,
                by=account.actor,
                at=clock.now(),
            )
        return number

    assert len(at_once(AT_ONCE, ask)) == AT_ONCE
    with committed_app.app_context():
        open_ones = select(EmailChange).where(EmailChange.ended_at.is_(None))
        assert len(db.session.scalars(open_ones).all()) == 1
        assert len(db.session.scalars(select(EmailChange)).all()) == AT_ONCE


def test_where_the_address_is_the_name_one_of_two_accounts_gets_it(committed_app: Flask) -> None:
    app = make_app(committed_app.config["DATABASE_URL"], profile="lt-business")
    with app.app_context():
        paths = [confirmation_path(an_email_change(each)) for each in (an_account(), joao())]
    try:
        assert at_once(2, posting(app, paths, {})) == [303, 409]
    finally:
        app.extensions["oauth_caches"].stop()
        with app.app_context():
            db.engine.dispose()
    with committed_app.app_context():
        emails = {account_of(each).email for each in (MARIA, JOAO)}
        assert NEW in emails
        assert len(emails) == 2


def test_a_removal_is_either_stopped_or_done(committed_app: Flask) -> None:
    with committed_app.app_context():
        account = an_account()
        an_app(account)
        removal = a_removal(account)
        path = removal_path(removal)
        due = removal.due_at
    post = posting(committed_app, [path], {})

    def act(number: int) -> int:
        if number == 0:
            return post(0)
        with committed_app.app_context(), transaction():
            return factor_removals.carry_out_due(due + timedelta(seconds=1))

    assert at_once(AT_ONCE, act)[-1] in {303, 410}
    with committed_app.app_context():
        row = db.session.scalars(select(FactorRemoval)).one()
        assert (row.done_at is None) != (row.cancelled_at is None)
        assert mails("recovery_factors_gone") == (1 if row.done_at else 0)
