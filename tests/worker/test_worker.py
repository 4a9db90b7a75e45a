"""The worker as a thread on a database of its own, and as a process that is killed."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from idp import worker as worker_module
from idp.audit.models import AuditEvent
from idp.extensions import db, transaction
from idp.mail import Priority, Recipient, notify
from idp.mail.models import Mail
from idp.worker import Worker
from tests.factories.mail import a_mail
from tests.mail.conftest import with_test_templates
from tests.mail.server import free_port, mail_server


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> float:
    """How long it took; fails after `seconds`."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "waited in vain"
        time.sleep(0.01)
    return time.monotonic() - began


@contextmanager
def working(app: Flask, smtp_url: str, count: int = 1) -> Iterator[list[Worker]]:
    """`count` workers in threads."""
    app.config["SMTP_URL"] = smtp_url
    workers = [Worker(app) for _ in range(count)]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield workers
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def app(committed_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application with real commits, whose worker looks for sweeps often."""
    monkeypatch.setattr(worker_module, "SWEEP_SECONDS", 0.05)
    with_test_templates(committed_app)
    return committed_app


def queue(app: Flask, word: str = "x") -> None:
    with app.app_context(), transaction():
        to = Recipient("Maria", "maria@example.com", "en")
        notify("test_greeting", to=to, priority=Priority.WAITING, word=word)


def test_a_commit_wakes_the_worker(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 600.0)
    with mail_server() as (mailbox, url), working(app, url):
        time.sleep(0.5)
        for number in range(1, 4):
            queue(app)
            wait_until(lambda n=number: len(mailbox.messages) >= n)  # type: ignore[misc]
            time.sleep(0.1)
            assert len(mailbox.messages) == number


def test_a_mail_of_a_rolled_back_request_never_leaves(app: Flask) -> None:
    with mail_server() as (mailbox, url), working(app, url):
        with app.app_context(), pytest.raises(ZeroDivisionError), transaction():
            notify("test_greeting", to=Recipient("M", "maria@example.com", "en"), word="x")
            raise ZeroDivisionError
        queue(app)
        wait_until(lambda: len(mailbox.messages) > 0)
        time.sleep(0.2)
        assert len(mailbox.messages) == 1


def test_several_workers_send_each_mail_once(app: Flask) -> None:
    with app.app_context():
        for _ in range(60):
            a_mail()
    with mail_server() as (mailbox, url), working(app, url, count=3):
        wait_until(lambda: len(mailbox.messages) >= 60, seconds=20)
        time.sleep(0.3)
    assert len({message["Message-ID"] for message in mailbox.messages}) == 60
    assert len(mailbox.messages) == 60


def test_mails_wait_for_a_server_that_is_down_and_leave_when_it_is_back(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(worker_module, "SHORTEST_PAUSE", 0.1)
    port = free_port()
    with working(app, f"smtp://127.0.0.1:{port}"):
        queue(app)
        time.sleep(0.5)
        with mail_server(port) as (mailbox, _url):
            wait_until(lambda: len(mailbox.messages) == 1)
            wait_until(lambda: sent(app) == 1)
    with app.app_context():
        assert db.session.scalars(select(Mail.attempts)).all() == [1]


def test_giving_up_stands_in_the_trail_without_the_address(app: Flask) -> None:
    with mail_server() as (mailbox, url), working(app, url):
        mailbox.answers["maria@example.com"] = "550 no such user"
        queue(app)
        wait_until(lambda: trail(app) != [])
    (event,) = trail(app)
    assert event.event == "mail.given_up"
    assert event.data["reason"] == "smtp_550"
    assert "maria" not in str(event.data)


def test_stopping_finishes_the_mail_in_hand(app: Flask) -> None:
    with app.app_context():
        for _ in range(200):
            a_mail()
    with mail_server() as (mailbox, url), working(app, url) as (worker,):
        wait_until(lambda: len(mailbox.messages) >= 3)
        worker.stop()
    assert 3 <= len(mailbox.messages) < 200
    assert sent(app) == len(mailbox.messages)


def sent(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Mail).filter(Mail.sent_at.is_not(None)).count()


def trail(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent)))
