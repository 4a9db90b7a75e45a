import re

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from idp.audit import SYSTEM, Actor, Event, history_of, record
from idp.extensions import db, transaction


def test_an_event_keeps_who_what_and_to_which_things(app: Flask) -> None:
    maria = Actor("account", "a_maria")
    with transaction():
        record(Event.GRANT_REVOKED, by=maria, account="a_joao", grant="g_1", reason="moved")
    (event,) = history_of("grant", "g_1")
    assert (event.event, event.actor, event.account) == (
        "grant.revoked",
        "account:a_maria",
        "a_joao",
    )
    assert (event.invitation, event.client, event.address) == (None, None, None)
    assert event.data == {"reason": "moved"}
    assert event.at.tzinfo is not None


def test_what_is_done_through_the_web_keeps_its_address(app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": "2001:db8::1"}):
        record(Event.KEY_ROTATED, by=SYSTEM, client="c")
        (event,) = history_of("client", "c")
    assert str(event.address) == "2001:db8::1"


def test_a_history_is_the_latest_first_and_pages_on(app: Flask) -> None:
    for number in range(5):
        record(Event.GRANT_NARROWED, by=SYSTEM, grant="g_1", number=number)
    record(Event.GRANT_NARROWED, by=SYSTEM, grant="g_2")
    first = history_of("grant", "g_1", limit=2)
    rest = history_of("grant", "g_1", before=first[-1].id)
    assert [event.data["number"] for event in (*first, *rest)] == [4, 3, 2, 1, 0]


def test_an_event_of_a_request_that_fails_is_not_kept(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        record(Event.GRANT_ISSUED, by=SYSTEM, grant="g_1")
        raise ZeroDivisionError
    assert history_of("grant", "g_1") == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET actor = 'nobody'",
        "UPDATE audit_events SET actor = 'nobody' WHERE false",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
    ],
)
def test_the_trail_refuses_to_be_changed(app: Flask, statement: str) -> None:
    record(Event.GRANT_ISSUED, by=SYSTEM, grant="g_1")
    with pytest.raises(DBAPIError, match="append-only"), db.session.begin_nested():
        db.session.execute(text(statement))
    assert len(history_of("grant", "g_1")) == 1


def test_every_event_is_a_noun_and_a_past_participle() -> None:
    values = [event.value for event in Event]
    assert len(set(values)) == len(values)
    assert [value for value in values if not re.fullmatch(r"[a-z_]+\.[a-z_]+", value)] == []


def test_events_are_counted_by_kind(app: Flask) -> None:
    def counted() -> float:
        labels = {"event": "sign_in.failed"}
        return REGISTRY.get_sample_value("trail_events_total", labels) or 0

    before = counted()
    record(Event.SIGN_IN_FAILED, by=SYSTEM)
    assert counted() == before + 1
