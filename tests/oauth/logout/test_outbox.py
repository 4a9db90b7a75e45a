from datetime import timedelta

from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import select

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients
from idp.oauth.logout import outbox
from idp.oauth.logout.models import LogoutNotice
from idp.oauth.logout.rules import Outcome
from tests.oauth.logout.hearing import a_hearer, a_notice


def test_one_that_never_answers_is_given_up_after_a_day(app: Flask) -> None:
    at = clock.now()
    a_notice(a_hearer(), created_at=at - timedelta(days=1), due_at=at)
    (tried,) = outbox.take(1, at=at)
    assert outbox.settle(tried, None, at=at) is Outcome.GIVEN_UP
    assert db.session.scalars(select(LogoutNotice)).all() == []


def test_while_one_application_fails_its_other_notices_rest_and_other_applications_do_not(
    app: Flask,
) -> None:
    at = clock.now()
    failing, other = a_hearer(), a_hearer()
    for client in (failing, failing, other):
        a_notice(client, due_at=at)
    (tried,) = outbox.take(1, at=at)
    outbox.settle(tried, 500, at=at)
    (quick,) = outbox.take(10, at=at)
    assert quick.client.client_id == other.client_id
    outbox.settle(quick, 200, at=at)
    later = at + timedelta(seconds=60)
    assert {each.client.client_id for each in outbox.take(10, at=later)} == {tried.client.client_id}


def test_nobody_is_told_who_was_shut_out_meanwhile(app: Flask) -> None:
    client = a_hearer()
    a_notice(client)
    clients.disable(client.client_id, by=SYSTEM, at=clock.now())
    db.session.commit()
    assert outbox.take(10, at=clock.now()) == []
    assert db.session.scalars(select(LogoutNotice)).all() == []


def test_the_figures_tell_what_waits_and_what_became_of_the_rest(app: Flask) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("logout_notices_total", {"outcome": "told"}) or 0.0

    before, at = counted(), clock.now()
    a_notice(a_hearer(), created_at=at - timedelta(seconds=90), due_at=at)
    page = app.test_client().get("/metrics").text
    assert "\nlogout_notices_waiting 1.0\n" in page
    assert "\nlogout_notices_oldest_seconds 9" in page
    (tried,) = outbox.take(1, at=at)
    outbox.settle(tried, 200, at=at)
    db.session.commit()
    assert counted() == before + 1
    assert "\nlogout_notices_waiting 0.0\n" in app.test_client().get("/metrics").text
