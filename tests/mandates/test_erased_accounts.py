"""Requests of people whose account is erased."""

import pytest
from flask import Flask
from sqlalchemy import select

from idp import clock
from idp.accounts.data import erasure
from idp.accounts.models import Account
from idp.audit import Actor
from idp.audit.models import AuditEvent
from idp.extensions import db
from idp.mandates import reviewing
from idp.mandates.errors import RequestSettled
from idp.mandates.models import MandateRequest, RequestState
from tests.factories.accounts import an_account, joao
from tests.factories.mandates import REVIEWER, RITA, a_company, a_request

STAFF = Actor("staff", "t_someone")


def erase(account: Account) -> None:
    erasure.erase(account, by=STAFF, at=clock.now())
    db.session.commit()
    db.session.expire_all()


def test_what_awaits_staff_is_withdrawn_and_its_documents_go_in_time(app: Flask) -> None:
    a_company()
    maria = an_account()
    request = a_request(maria)
    erase(maria)
    request = db.session.get_one(MandateRequest, request.id)
    assert request.state is RequestState.WITHDRAWN
    assert all(each.delete_at for each in request.documents)
    event = db.session.scalars(select(AuditEvent).filter_by(event="mandate.withdrawn")).one()
    assert event.actor == str(STAFF)
    with pytest.raises(RequestSettled):
        reviewing.approve(
            request.public_id, identity_seen=True, remark="", by=REVIEWER, at=clock.now()
        )


def test_drafts_go_and_nothing_keeps_the_name(app: Flask) -> None:
    maria = an_account()
    a_request(maria, state=RequestState.DRAFT)
    erase(maria)
    assert db.session.scalars(select(MandateRequest)).all() == []
    assert db.session.get_one(Account, maria.id).party is None


def test_whoever_asked_before_is_still_named(app: Flask) -> None:
    a_company()
    maria = an_account()
    a_request(maria)
    erase(maria)
    assert db.session.get_one(Account, maria.id).name == "Maria da Silva"


def test_what_others_asked_for_stays(app: Flask) -> None:
    a_company()
    request = a_request(joao(), nominee_tax_id=RITA)
    erase(an_account(RITA, "Rita Alves", "rita@example.com"))
    assert db.session.get_one(MandateRequest, request.id).state is RequestState.OPEN
