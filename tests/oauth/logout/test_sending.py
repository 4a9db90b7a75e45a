"""The worker's part: real receivers on this computer, real commits, several workers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from idp import clock
from idp import worker as worker_module
from idp.audit.models import AuditEvent
from idp.extensions import db, transaction
from idp.oauth.logout import outbox, sending
from idp.oauth.logout.models import LogoutNotice
from idp.oauth.logout.sending import Teller
from idp.worker import Worker
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.mail.server import free_port
from tests.oauth import flow
from tests.oauth.logout.hearing import a_hearer, a_notice, local, tokens_of
from tests.outbound import servers
from tests.outbound.conftest import Names
from tests.outbound.servers import LOOPBACK, NAME, Host
from tests.worker.test_worker import wait_until


@pytest.fixture
def app(committed_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Real commits; applications may live on this computer."""
    committed_app.config["OUTBOUND_ALLOWED"] = ("127.0.0.0/8",)
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.05)
    return committed_app


@contextmanager
def telling(app: Flask, count: int = 1) -> Iterator[threading.Event]:
    """`count` workers, as far as they tell applications; set the event to stop them."""
    stopping = threading.Event()
    tellers = [Teller(app, threading.Event()) for _ in range(count)]
    threads = [threading.Thread(target=each.run, args=[stopping]) for each in tellers]
    for thread in threads:
        thread.start()
    try:
        yield stopping
    finally:
        stopping.set()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()


@contextmanager
def receiver(behave: servers.Behaviour | None = None) -> Iterator[Host]:
    with servers.running(behave or servers.saying(b""), None) as host:
        yield host


def waiting(app: Flask) -> list[LogoutNotice]:
    with app.app_context():
        return list(db.session.scalars(select(LogoutNotice)))


def hurry(app: Flask) -> None:
    """As if the pause were over."""
    with app.app_context(), transaction():
        db.session.execute(update(LogoutNotice).values(due_at=clock.now()))


def test_a_sign_out_is_told_at_once_over_https(
    app: Flask, certificates: Path, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "POLL_SECONDS", 600.0)
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 600.0)
    app.config["OUTBOUND_CA_BUNDLE"] = str(certificates / "authority.pem")
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    browser, worker = app.test_client(), Worker(app)
    with servers.running(servers.saying(b"", 204), certificates) as host:
        with app.app_context():
            sign_in_as(browser, an_account())
            answer = flow.tokens_for(browser, a_hearer(host.url("/signed-out")))
        thread = threading.Thread(target=worker.run)
        thread.start()
        time.sleep(0.5)  # until it listens
        browser.get("/oauth/logout", query_string={"id_token_hint": answer["id_token"]})
        wait_until(lambda: len(host.asked) == 1)
        wait_until(lambda: waiting(app) == [])
        worker.stop()
        thread.join(10)
    (method, path, headers), (token,) = host.asked[0], tokens_of(host)
    assert (method, path) == ("POST", "/signed-out")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert (headers["Host"].partition(":")[0], host.server_names) == (NAME, [NAME])
    said, id_token = flow.claims_of(token), flow.claims_of(answer["id_token"])
    assert {name: said[name] for name in ("iss", "aud", "sub", "sid")} == {
        name: id_token[name] for name in ("iss", "aud", "sub", "sid")
    }


def test_several_workers_tell_fifty_applications_side_by_side_and_each_once(app: Flask) -> None:
    present: list[int] = []  # those that are being told, and how many they were each time
    told_at_once: list[int] = []

    def slow(handler: BaseHTTPRequestHandler) -> None:
        present.append(1)
        told_at_once.append(len(present))
        time.sleep(0.2)
        present.pop()
        servers.saying(b"")(handler)

    with receiver(slow) as host:
        with app.app_context():
            for _ in range(50):
                a_notice(a_hearer(local(host)))
        with telling(app, count=2):
            wait_until(lambda: waiting(app) == [], seconds=60)
    assert 4 < max(told_at_once) <= 2 * sending.PARALLEL
    audiences = [flow.claims_of(token)["aud"] for token in tokens_of(host)]
    assert len(audiences) == len(set(audiences)) == 50


def test_one_that_is_down_is_told_when_it_is_back_with_a_new_token(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "REST", timedelta(0))
    port = free_port()
    with app.app_context():
        a_notice(a_hearer(f"http://{LOOPBACK}:{port}/signed-out"))
    busy_at_first = servers.one_after_the_other(servers.saying(b"", 503), servers.saying(b""))
    with receiver(busy_at_first) as host:
        with app.app_context():
            a_notice(a_hearer(local(host)))
        with telling(app):
            wait_until(lambda: [each.attempts for each in waiting(app)] == [1, 1])
            wait_until(lambda: len(tokens_of(host)) == 1)  # an attempt counts before it is made
            hurry(app)
            wait_until(lambda: len(waiting(app)) == 1)
    first, second = (flow.claims_of(token) for token in tokens_of(host))
    assert first["sid"] == second["sid"]
    assert first["jti"] != second["jti"]
    (left,) = waiting(app)
    assert left.attempts == 2
    assert 40 < (left.due_at - clock.now()).total_seconds() < 80


def test_a_slow_one_keeps_nobody_waiting_and_no_connection(app: Flask) -> None:
    go_on, held = threading.Event(), []

    def hangs(handler: BaseHTTPRequestHandler) -> None:
        with app.app_context():
            wait_until(lambda: db.engine.pool.checkedout() == 0)  # type: ignore[attr-defined]
            held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        go_on.wait(4)
        servers.saying(b"")(handler)

    with receiver(hangs) as slow, receiver() as quick:
        with app.app_context():
            a_notice(a_hearer(local(slow)))
        with telling(app):
            wait_until(lambda: held == [0])
            with app.app_context():
                a_notice(a_hearer(local(quick)))
            assert wait_until(lambda: len(quick.asked) == 1) < 3
            go_on.set()
            wait_until(lambda: waiting(app) == [])


def test_a_worker_that_stops_hears_the_answer_out_and_leaves_the_rest_to_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PARALLEL", 1)
    go_on = threading.Event()

    def hangs(handler: BaseHTTPRequestHandler) -> None:
        go_on.wait(4)
        servers.saying(b"")(handler)

    with receiver(hangs) as host:
        with app.app_context():
            client = a_hearer(local(host))
            for number in range(3):
                a_notice(client, sid=f"s_{number}")
        with telling(app) as stopping:
            wait_until(lambda: len(host.asked) == 1)
            stopping.set()
            go_on.set()
        assert (len(host.asked), len(waiting(app))) == (1, 2)
        with telling(app):
            wait_until(lambda: waiting(app) == [])
    assert sorted(flow.claims_of(each)["sid"] for each in tokens_of(host)) == ["s_0", "s_1", "s_2"]


def test_an_application_that_refuses_is_not_asked_again_and_the_trail_says_so(app: Flask) -> None:
    with receiver(servers.saying(b'{"error": "invalid_request"}', 400)) as host:
        with app.app_context():
            client = a_hearer(local(host))
            a_notice(client)
        with telling(app):
            wait_until(lambda: waiting(app) == [])
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.event == "logout_notice.given_up")
        (event,) = db.session.scalars(query)
    assert event.client == client.client_id
    assert event.data["reason"] == "http_400"
    assert "52998224725" not in str(event.data)
    assert len(host.asked) == 1


def test_what_a_worker_took_before_it_died_is_taken_again_later(app: Flask) -> None:
    with app.app_context():
        a_notice(a_hearer())
        with transaction():
            (taken,) = outbox.take(10, at=clock.now())
        with transaction():
            assert outbox.take(10, at=clock.now()) == []
        hurry(app)
        with transaction():
            (again,) = outbox.take(10, at=clock.now())
    assert (taken.notice_id, again.attempts) == (again.notice_id, 2)
