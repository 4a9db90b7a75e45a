"""What is asked of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from idp.extensions import db


@contextmanager
def statements_sent(*, savepoints: bool = False) -> Iterator[list[str]]:
    """The SQL of every statement sent while inside; `savepoints`, which are mostly the tests' own,
    only where they are asked for."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if savepoints or "SAVEPOINT" not in statement:
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
