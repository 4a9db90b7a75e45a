"""The worker reads lists: seen by everybody, once, and again after a death. Real commits."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from idp.accounts.models import Account
from idp.extensions import db, transaction
from idp.invitations import purging
from idp.invitations.bulk import checking, services, work
from idp.invitations.bulk.models import Upload, UploadedLine
from idp.invitations.models import InvitationDraft
from idp.worker import Worker
from tests.factories.accounts import an_account
from tests.factories.bulk import a_waiting_upload
from tests.factories.invitations import a_draft
from tests.factories.registry import an_installation

LIST = b"3100\n77\n3100\n"
FOUND = {"fine": 1, "not_found": 1, "repeated": 1}


@pytest.fixture
def app(committed_app: Flask) -> Iterator[Flask]:
    with committed_app.app_context():
        yield committed_app
        db.session.remove()


@pytest.fixture
def maria(app: Flask) -> Account:
    account = an_account()
    an_installation(account.tax_id, "3100")
    return account


@pytest.fixture
def draft(maria: Account) -> InvitationDraft:
    return a_draft(maria)


def upload_now(public_id: str) -> Upload:
    """As another transaction sees it."""
    db.session.rollback()
    found = select(Upload).where(Upload.public_id == public_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def lines() -> int:
    return db.session.query(UploadedLine).count()


def at_each_line(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something whenever the worker has told of a line."""
    monkeypatch.setattr(checking, "PORTION", 1)
    note = work._note

    def noting(connection: Any, upload: Upload, **values: int) -> None:
        note(connection, upload, **values)
        act()

    monkeypatch.setattr(work, "_note", noting)


def elsewhere(act: Callable[[], object]) -> None:
    """In a thread and a session of its own."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not failures, failures


def test_everybody_sees_how_far_it_is_and_nothing_of_it_until_it_is_done(
    app: Flask, maria: Account, draft: InvitationDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = a_waiting_upload(draft, maria, LIST)
    seen: list[tuple[int, int | None, bool, int]] = []

    def look() -> None:
        with app.app_context():
            now = upload_now(upload.public_id)
            seen.append((now.lines_read, now.line_count, now.finished_at is None, lines()))

    at_each_line(monkeypatch, lambda: elsewhere(look))
    assert work.check_next(app)
    assert seen == [
        (0, None, True, 0),
        (0, 3, True, 0),
        (1, 3, True, 0),
        (2, 3, True, 0),
        (3, 3, True, 0),
    ]
    now = upload_now(upload.public_id)
    assert (now.findings, lines(), now.finished_at is None) == (FOUND, 3, False)
    assert not work.check_next(app)


def test_several_workers_read_each_list_once(
    app: Flask, maria: Account, draft: InvitationDraft
) -> None:
    for _ in range(services.KEPT):
        a_waiting_upload(draft, maria, LIST)
    turns: list[bool] = []

    def work_on() -> None:
        while work.check_next(app):
            turns.append(True)

    threads = [threading.Thread(target=work_on) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    while work.check_next(app):  # a worker that met only lists held by others has left
        turns.append(True)
    db.session.rollback()
    assert len(turns) == services.KEPT
    assert [each.attempts for each in db.session.query(Upload)] == [1] * services.KEPT
    assert lines() == 3 * services.KEPT


def test_a_list_whose_worker_was_killed_is_read_by_another(
    app: Flask, maria: Account, draft: InvitationDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = a_waiting_upload(draft, maria, LIST)

    def kill() -> None:
        """End the connection that holds the lock, as the death of its process does."""
        with db.engine.connect() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            )

    with monkeypatch.context() as patch:
        at_each_line(patch, kill)
        with pytest.raises(OperationalError):
            work.check_next(app)
    half = upload_now(upload.public_id)
    assert (half.finished_at, half.attempts, half.content) == (None, 1, LIST)
    assert work.check_next(app)
    whole = upload_now(upload.public_id)
    assert (whole.findings, whole.attempts, lines()) == (FOUND, 2, 3)


def test_a_list_that_ends_every_worker_is_given_up(
    app: Flask, maria: Account, draft: InvitationDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = a_waiting_upload(draft, maria, LIST)

    def die(*_anything: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(checking, "_compare", die)
        for _ in range(work.MOST_ATTEMPTS):
            with pytest.raises(SystemExit):
                work.check_next(app)
    assert work.check_next(app)
    given_up = upload_now(upload.public_id)
    assert (given_up.problem, given_up.content) == ("unusable_file", None)
    assert not work.check_next(app)


@pytest.mark.parametrize("line", [1, 3, 5])
def test_a_list_can_be_discarded_while_it_is_read(
    app: Flask,
    maria: Account,
    draft: InvitationDraft,
    monkeypatch: pytest.MonkeyPatch,
    line: int,
) -> None:
    upload = a_waiting_upload(draft, maria, LIST)
    public_id, told = upload.public_id, iter(range(1, 99))

    def discard() -> None:
        with app.app_context(), transaction():
            services.discard(services.get_upload(public_id, maria))

    at_each_line(monkeypatch, lambda: elsewhere(discard) if next(told) == line else None)
    assert work.check_next(app)
    db.session.rollback()
    assert (db.session.query(Upload).count(), lines()) == (0, 0)
    assert not work.check_next(app)


def test_a_running_worker_is_woken_by_the_commit(
    app: Flask, maria: Account, draft: InvitationDraft
) -> None:
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    worker = Worker(app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        time.sleep(0.5)
        upload = a_waiting_upload(draft, maria, LIST)
        began = time.monotonic()
        while upload_now(upload.public_id).finished_at is None:
            assert time.monotonic() - began < 4, "nobody woke it"
            time.sleep(0.05)
    finally:
        worker.stop()
        thread.join(20)
    assert upload_now(upload.public_id).findings == FOUND


def test_lists_go_with_the_draft_they_are_for(
    app: Flask, maria: Account, draft: InvitationDraft
) -> None:
    upload = a_waiting_upload(draft, maria, LIST)
    work.check_next(app)
    with transaction():
        assert purging.purge(upload.created_at + purging.DRAFT_LIFE) == 1
    assert (db.session.query(Upload).count(), lines()) == (0, 0)
