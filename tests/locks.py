"""Who waits for whom: rows that somebody else holds, and a step that comes across them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from idp.extensions import db, transaction
from idp.grants.models import Grant
from idp.invitations.models import Invitation
from idp.registry.models import Installation

Row = Grant | Installation | Invitation
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
# Within a transaction PostgreSQL shows the same processes as at the first look.
FORGET = text("SELECT pg_stat_clear_snapshot()")


def lock(connection: Connection, row: Row, *, wait: str = "") -> None:
    """As somebody else would who changes it."""
    query = f"SELECT FROM {row.__tablename__} WHERE id = :id FOR NO KEY UPDATE {wait}"
    connection.execute(text(query), {"id": row.id})


def is_free(connection: Connection, row: Row) -> bool:
    """Whether nobody has locked it; now `connection` has."""
    try:
        with connection.begin_nested():
            lock(connection, row, wait="NOWAIT")
    except OperationalError:
        return False
    return True


@contextmanager
def waiting(app: Flask, step: Callable[[], object], held: Connection) -> Iterator[list[object]]:
    """`step`, in a transaction of its own, waits for what `held` has locked; yields where its
    outcome will stand, once that has let go."""
    done: list[object] = []

    def run() -> None:
        with app.app_context():
            with transaction():
                done.append(step())
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 20
    while not held.scalar(WAITING):
        assert time.monotonic() < until
        assert not done
        time.sleep(0.01)
        held.execute(FORGET)
    yield done
    held.rollback()
    thread.join(timeout=30)
    assert done
