import logging
from datetime import timedelta
from email.header import decode_header, make_header
from email.message import Message

import pytest
from flask import Flask

from idp import clock
from idp.extensions import db
from idp.mail import Priority, Recipient, notify
from idp.mail.delivery import Outcome, deliver_next
from idp.mail.errors import Postponed, Refused, ServerUnavailable
from idp.mail.models import Mail
from idp.mail.purging import KEPT, purge
from idp.mail.rules import PATIENCE
from tests.factories.mail import a_mail


class Carrier:
    """Takes every message, or answers with `error`."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.messages: list[Message] = []

    def send(self, message: Message) -> None:
        if self.error:
            raise self.error
        self.messages.append(message)


def subject_of(message: Message) -> str:
    return str(make_header(decode_header(message["Subject"])))


def test_a_notified_mail_is_sent_once(app: Flask) -> None:
    notify("test_greeting", to=Recipient("Maria", "maria@example.com", "en"), word="x")
    carrier = Carrier()
    assert deliver_next(carrier, at=clock.now()) is not None
    assert deliver_next(carrier, at=clock.now()) is None
    assert len(carrier.messages) == 1


def test_mails_leave_in_order_of_need(app: Flask) -> None:
    at = clock.now()
    for need, minutes in (
        (Priority.NOTICE, 30),
        (Priority.PROMPT, 20),
        (Priority.WAITING, 1),
        (Priority.WAITING, 2),
    ):
        moment = at - timedelta(minutes=minutes)
        a_mail(at=moment, priority=need, context={"word": f"{need.name} {minutes}"})
    carrier = Carrier()
    while deliver_next(carrier, at=at):
        pass
    assert [subject_of(message).split(": ")[1] for message in carrier.messages] == [
        "WAITING 2",
        "WAITING 1",
        "PROMPT 20",
        "NOTICE 30",
    ]


def test_a_mail_that_was_not_taken_is_tried_later_under_the_same_name(app: Flask) -> None:
    at = clock.now()
    mail = a_mail(at=at)
    delivery = deliver_next(Carrier(Postponed("smtp_451")), at=at)
    assert delivery is not None and delivery.outcome is Outcome.POSTPONED
    assert (mail.sent_at, mail.failed_at, mail.attempts) == (None, None, 1)
    assert timedelta(seconds=22) < mail.due_at - at < timedelta(seconds=38)
    assert deliver_next(Carrier(), at=at) is None
    later = Carrier()
    assert deliver_next(later, at=mail.due_at) is not None
    assert later.messages[0]["Message-ID"] == f"<{mail.message_id}@localhost>"


def test_a_mailbox_that_does_not_exist_is_given_up_at_once(app: Flask) -> None:
    mail = a_mail()
    delivery = deliver_next(Carrier(Refused("smtp_550")), at=clock.now())
    assert delivery is not None
    assert (delivery.outcome, delivery.reason) == (Outcome.GIVEN_UP, "smtp_550")
    assert mail.failed_at is not None
    assert deliver_next(Carrier(), at=clock.now() + timedelta(days=9)) is None


def test_a_mail_that_nobody_takes_is_given_up_after_three_days(app: Flask) -> None:
    at = clock.now()
    mail = a_mail(at=at)
    tries = 0
    while deliver_next(Carrier(Postponed("smtp_451")), at=mail.due_at):
        tries += 1
    assert mail.failed_at is not None
    assert PATIENCE <= mail.failed_at - at < PATIENCE + timedelta(hours=4)
    assert 20 < tries < 60


def test_a_mail_that_waited_for_the_server_is_still_tried_when_it_is_back(app: Flask) -> None:
    at = clock.now()
    mail = a_mail(at=at - PATIENCE - timedelta(days=1))
    deliver_next(Carrier(), at=at)
    assert mail.sent_at == at


def test_an_absent_server_costs_no_mail_a_try(app: Flask) -> None:
    mail = a_mail()
    with pytest.raises(ServerUnavailable):
        deliver_next(Carrier(ServerUnavailable("gone")), at=clock.now())
    db.session.rollback()
    assert (mail.attempts, mail.sent_at) == (0, None)


def test_a_broken_template_does_not_hold_up_the_mails_behind_it(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    at = clock.now()
    broken = a_mail(at=at, template="test_broken", priority=Priority.WAITING)
    a_mail(at=at)
    carrier = Carrier()
    with caplog.at_level(logging.CRITICAL):
        first, second = (deliver_next(carrier, at=at) for _ in range(2))
    assert first is not None and second is not None
    assert (first.outcome, first.reason) == (Outcome.POSTPONED, "not_rendered")
    assert second.outcome is Outcome.SENT
    assert broken.due_at > at


def test_sent_mails_are_forgotten_after_thirty_days_and_waiting_ones_never(app: Flask) -> None:
    at = clock.now()
    old = at - KEPT - timedelta(seconds=1)
    a_mail(at=old, sent_at=old)
    recent, waiting = a_mail(at=old, sent_at=at - KEPT), a_mail(at=old)
    assert purge(at) == 1
    left = db.session.query(Mail.id).order_by(Mail.id).all()
    assert [row.id for row in left] == [recent.id, waiting.id]
