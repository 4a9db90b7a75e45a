"""Changes and removals are kept for as long as they can matter, and go with the account."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account
from idp.accounts.recovery import purging
from idp.accounts.recovery.email_changes import forget as forget_changes
from idp.accounts.recovery.factor_removals import forget as forget_removals
from idp.accounts.recovery.models import EmailChange, FactorRemoval, Origin
from idp.accounts.signals import account_erased
from idp.extensions import db
from tests.factories.accounts import an_account, joao
from tests.factories.recovery import a_confirmed_change, a_removal, an_email_change

WEEK, YEAR = timedelta(days=7), timedelta(days=365)


def left(at: datetime) -> tuple[int, int]:
    purging.purge(at)
    changes = db.session.scalars(select(EmailChange)).all()
    return len(changes), len(db.session.scalars(select(FactorRemoval)).all())


@pytest.fixture
def maria(app: Flask) -> Account:
    return an_account()


def test_a_change_goes_a_week_after_the_last_word_on_it(maria: Account) -> None:
    at = clock.now()
    a_confirmed_change(maria, at=at)
    assert left(at + 2 * WEEK - timedelta(hours=1)) == (1, 0)
    assert left(at + 2 * WEEK + timedelta(hours=1)) == (0, 0)


def test_what_staff_did_goes_after_a_year(maria: Account) -> None:
    at = clock.now()
    an_email_change(maria, at=at, origin=Origin.STAFF, caller_name="Maria")
    a_removal(maria, at=at)
    assert left(at + YEAR - timedelta(hours=1)) == (1, 1)
    assert left(at + YEAR + timedelta(days=2)) == (0, 0)


def test_an_erased_account_takes_its_addresses_along_and_nobody_elses(maria: Account) -> None:
    other = joao()
    for account in (maria, other):
        a_confirmed_change(account)
        a_removal(account)
    for receiver in (forget_changes, forget_removals):
        assert receiver in set(account_erased.receivers_for(None))
        assert receiver(None, account=maria) is False
    db.session.commit()
    owners = [
        *db.session.scalars(select(EmailChange.account_id)),
        *db.session.scalars(select(FactorRemoval.account_id)),
    ]
    assert owners == [other.id, other.id]
