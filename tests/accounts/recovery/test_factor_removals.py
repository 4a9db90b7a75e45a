"""A lost second factor: staff remove it after a day, unless the person objects."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from idp import clock
from idp.accounts import endings
from idp.accounts.factors import pending
from idp.accounts.models import Account
from idp.accounts.recovery import factor_removals
from idp.accounts.recovery.errors import NoFactor, RemovalWaits
from idp.accounts.recovery.models import FactorRemoval
from idp.audit import Actor, history_of
from idp.extensions import db
from idp.mail.models import Mail
from idp.mail.rendering import render
from tests.browsing import post, sign_in_as
from tests.factories.accounts import an_account, joao
from tests.factories.mail import queued
from tests.factories.recovery import a_confirmed_change, a_removal, an_app, removal_path

REVIEWER = Actor("staff", "t_someone")
DAY = timedelta(days=1)


@pytest.fixture
def maria(app: Flask) -> Account:
    account = an_account()
    an_app(account)
    return account


def requested(account: Account) -> FactorRemoval:
    return factor_removals.request(
        account, by=REVIEWER, at=clock.now(), checked="passport", reason="lost phone"
    )


def pressed(client: FlaskClient, path: str) -> TestResponse:
    return post(client, path, form_path="/recover")


def test_every_address_of_the_person_is_told_and_nothing_else_happens(maria: Account) -> None:
    a_confirmed_change(maria)
    removal = requested(maria)
    assert queued() == [
        ("recovery_factors_going", "maria.nova@example.org"),
        ("recovery_factors_going", "maria@example.com"),
    ]
    assert removal.due_at - removal.created_at == DAY
    assert pending.has_factor(maria.id)
    (trace,) = history_of("account", maria.public_id)
    assert trace.event == "factor_removal.requested"
    assert trace.data["checked"] == "passport"
    assert trace.data["reason"] == "lost phone"


def test_it_is_asked_for_once_and_only_where_there_is_something(maria: Account) -> None:
    requested(maria)
    with pytest.raises(RemovalWaits):
        requested(maria)
    with pytest.raises(NoFactor):
        requested(joao())


def test_when_its_time_comes_the_factors_go_and_everybody_is_signed_out(
    app: Flask, maria: Account
) -> None:
    session = sign_in_as(app.test_client(), maria)
    removal = a_removal(maria)
    assert factor_removals.carry_out_due(removal.due_at - timedelta(seconds=1)) == 0
    assert pending.has_factor(maria.id)
    assert factor_removals.carry_out_due(removal.due_at) == 1
    assert factor_removals.carry_out_due(removal.due_at) == 0
    assert not pending.has_factor(maria.id)
    db.session.refresh(session)
    assert session.ended_at is not None
    assert queued() == [("recovery_factors_gone", "maria@example.com")]
    done = {each.event: each.actor for each in history_of("account", maria.public_id)}
    assert done["factor_removal.done"] == "staff:t_someone"


def test_the_person_keeps_them_by_the_mails_link(client: FlaskClient, maria: Account) -> None:
    removal = a_removal(maria)
    assert client.get(removal_path(removal)).status_code == 200
    assert factor_removals.find_waiting(maria) is not None
    assert pressed(client, removal_path(removal)).location == "/factors/kept"
    assert pressed(client, removal_path(removal)).status_code == 409
    assert factor_removals.carry_out_due(removal.due_at) == 0
    assert pending.has_factor(maria.id)
    requested(maria)  # staff may begin anew


def test_once_they_are_gone_the_link_says_so(client: FlaskClient, maria: Account) -> None:
    removal = a_removal(maria, clock.now() - DAY)
    assert pressed(client, removal_path(removal)).status_code == 410
    factor_removals.carry_out_due(clock.now())
    assert client.get(removal_path(removal)).status_code == 410


@pytest.mark.parametrize("token", ["x", "InBfeCI.AAAA", "%00"])
def test_a_mangled_link_is_unknown(client: FlaskClient, token: str) -> None:
    assert client.get(f"/factors/removal/{token}").status_code == 404
    assert pressed(client, f"/factors/removal/{token}").status_code == 404


def test_a_new_password_does_not_stop_it(client: FlaskClient, maria: Account) -> None:
    """Somebody who lost both recovers the password first, and waits for the rest."""
    removal = a_removal(maria)
    endings.end_everything(maria, at=clock.now())
    assert factor_removals.carry_out_due(removal.due_at) == 1


@pytest.mark.parametrize("locale", ["en", "pt-BR", "es", "ca", "lt", "fr"])
def test_the_mails_name_the_person_and_hold_the_link(app: Flask, locale: str) -> None:
    account = an_account(name="Maria & Ana", locale=locale)
    an_app(account)
    removal = requested(account)
    factor_removals.carry_out_due(removal.due_at)
    link = app.config["ISSUER"] + removal_path(removal)
    going, gone = (render(each) for each in db.session.scalars(select(Mail).order_by(Mail.id)))
    for rendered in (going, gone):
        assert "Maria & Ana" in rendered.text
        assert "Maria &amp; Ana" in rendered.html
    assert link in going.text
    assert link in going.html
