"""Several at the same moment: real threads, each with connections of its own, and real commits."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from idp.errors import DomainError
from idp.extensions import db, transaction

T = TypeVar("T")
Step = Callable[[], object]
SECONDS = 30  # within which all have to be ready


@pytest.fixture
def context(committed_app: Flask) -> Iterator[Flask]:
    """A context of the test itself: what several did is committed, and can be looked at."""
    with committed_app.app_context():
        yield committed_app
        db.session.remove()


def at_once(
    *steps: Callable[[], T], within: Callable[[], AbstractContextManager[object]] = nullcontext
) -> list[T]:
    """What each step returned, in their order: a thread each, all let go at one moment `within` a
    context that was opened before. What one of them raises is raised here."""
    gate = Barrier(len(steps))

    def run(step: Callable[[], T]) -> T:
        with within():
            gate.wait(SECONDS)
            return step()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def in_browsers(app: Flask, times: int, act: Callable[[FlaskClient], T]) -> list[T]:
    """What `act` came to in each of so many browsers."""
    return at_once(*[partial(act, app.test_client()) for _ in range(times)])


def in_transactions(app: Flask, *steps: Step) -> list[object]:
    """What each step returned, in a transaction of its own, or the refusal it met; anything else, a
    deadlock above all, fails the test. What the test itself saw before is forgotten."""

    def run(step: Step) -> object:
        try:
            with transaction():
                return step()
        except DomainError as refusal:
            return refusal

    results = at_once(*[partial(run, step) for step in steps], within=partial(_connected, app))
    db.session.rollback()
    db.session.expire_all()
    return results


@contextmanager
def _connected(app: Flask) -> Iterator[None]:
    """Opening a connection takes longer than many a step, which would then be alone."""
    with app.app_context():
        db.session.execute(select(1))
        db.session.rollback()
        try:
            yield
        finally:
            db.session.remove()
