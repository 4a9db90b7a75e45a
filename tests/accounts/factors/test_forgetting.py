"""What is stale or personal goes."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from idp import clock
from idp.accounts import purging
from idp.accounts.data import erasure
from idp.accounts.factors import pending, services
from idp.accounts.factors.models import (
    Passkey,
    PasskeyChallenge,
    PendingSignIn,
    RecoveryCode,
    TotpFactor,
)
from idp.audit import Actor
from idp.extensions import db
from tests.accounts.factors.habits import FACTOR, challenge, events, give_password
from tests.factories.accounts import an_account, joao
from tests.factories.factors import a_passkey, an_app, some_codes

ALL = (TotpFactor, Passkey, RecoveryCode, PasskeyChallenge, PendingSignIn)


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def everything(client: FlaskClient) -> FlaskClient:
    """Maria has a row of each kind, and João a factor too."""
    maria = an_account()
    an_app(maria)
    a_passkey(maria)
    some_codes(maria)
    give_password(client)
    challenge(client, f"{FACTOR}/passkey/challenge", form_path=FACTOR)
    an_app(joao())
    return client


def test_questions_and_sign_ins_that_nobody_answered_go(everything: FlaskClient) -> None:
    purging.purge(clock.now())
    assert (rows(PendingSignIn), rows(PasskeyChallenge)) == (1, 1)
    purging.purge(clock.now() + timedelta(minutes=11))
    assert (rows(PendingSignIn), rows(PasskeyChallenge)) == (0, 0)
    assert rows(Passkey) == 1


def test_nothing_is_left_of_an_erased_account(everything: FlaskClient) -> None:
    maria = db.session.scalars(select(PendingSignIn)).one().account
    erasure.erase(maria, by=maria.actor, at=clock.now())
    db.session.commit()
    assert [rows(model) for model in ALL] == [1, 0, 0, 0, 0]


def test_staff_leave_an_account_with_its_password(everything: FlaskClient) -> None:
    maria = db.session.scalars(select(PendingSignIn)).one().account
    services.remove_all(maria, by=Actor("staff", "t_x"), at=clock.now())
    db.session.commit()
    assert not pending.has_factor(maria.id)
    assert [rows(model) for model in ALL] == [1, 0, 0, 0, 0]
    assert {each.data["factor"] for each in events("factor.removed")} == {"app", "passkey"}
