"""Questions of the hot paths: one statement, one round trip, no session.

A session begins a transaction, keeps track of objects and ends the transaction: three round trips,
and more work than the question itself. Here a statement runs as a transaction of its own, on a
connection that nothing else uses and that commits by itself, prepared once and called by its name
from then on. It sees what is committed, so ask here only where nothing was written in the same
request.

This is psycopg's `pq` and not its cursors: those let go of the interpreter half a dozen times for
each question, and each time another thread takes it.
"""

import os
from collections import deque, namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from time import monotonic
from typing import Any

import psycopg
from flask import Flask, current_app
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Select, TextClause, event
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.exc import OperationalError

from idp.extensions import RECYCLE_SECONDS, db

EXTENSION = "readers"
Statement = TextClause | Select[*tuple[Any, ...]]
DIALECT = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
NUMBERS = count()  # of prepared statements


def init_app(app: Flask) -> None:
    """Keep the connections of `app` for as long as its engine keeps its own."""
    idle: deque[Reader] = deque()
    app.extensions[EXTENSION] = idle
    with app.app_context():
        event.listen(db.engine, "engine_disposed", lambda _engine: _close_all(idle))


def rows(statement: Statement, parameters: Mapping[str, Any]) -> list[Any]:
    """All rows, as named tuples.

    Raises SQLAlchemy's `OperationalError` when the database is away, and its `TimeoutError` when no
    connection is free.
    """
    sql, names = _sql(statement)
    try:
        with _reader() as reader:
            return reader.rows(sql, [parameters[name] for name in names])
    except psycopg.OperationalError as error:
        raise OperationalError(None, None, error) from error


def change(statement: TextClause, parameters: Mapping[str, Any]) -> list[Any]:
    """The rows of one statement that makes a change whole. Where the request has begun a
    transaction it belongs to that; else it is committed by now, whatever becomes of the request,
    so let it come last."""
    if db.session.registry.has() and db.session().in_transaction():
        return list(db.session.execute(statement, parameters))
    return rows(statement, parameters)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that one connection knows by name, and what its rows are."""

    name: bytes
    row: Callable[[Sequence[Any]], Any]


class Reader:
    """A connection for one thread at a time, with what was prepared on it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._values = Transformer(connection)
        self._prepared: dict[tuple[bytes, tuple[int, ...] | None], Prepared] = {}
        self._process = os.getpid()
        self._until = monotonic() + RECYCLE_SECONDS

    @property
    def is_fresh(self) -> bool:
        """Whether it is this process's, and not as old as firewalls cut off."""
        return self._process == os.getpid() and monotonic() < self._until

    @property
    def has_ended(self) -> bool:
        """Whether the server has ended it."""
        return self._connection.closed

    def rows(self, sql: bytes, parameters: Sequence[Any]) -> list[Any]:
        """Raises `psycopg.Error`."""
        values = self._values
        given: Any = values.dump_sequence(parameters, [PyFormat.AUTO] * len(parameters))
        known = self._prepared.get((sql, values.types)) or self._prepare(sql, values.types)
        result = self._connection.pgconn.exec_prepared(known.name, given, values.formats)
        values.set_pgresult(self._good(result))
        return values.load_rows(0, result.ntuples, known.row)

    def close(self) -> None:
        """End it, unless it is another process's, which still uses it."""
        if self._process == os.getpid():
            self._connection.close()

    def _prepare(self, sql: bytes, types: tuple[int, ...] | None) -> Prepared:
        pgconn, name = self._connection.pgconn, b"read_%d" % next(NUMBERS)
        self._good(pgconn.prepare(name, sql, types))
        described = self._good(pgconn.describe_prepared(name))
        columns = [(described.fname(n) or b"").decode() for n in range(described.nfields)]
        row: Any = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
        made = Prepared(name, row._make)
        self._prepared[sql, types] = made
        return made

    def _good(self, result: PGresult) -> PGresult:
        if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            return result
        if self.has_ended:
            raise psycopg.OperationalError("the server has ended the connection")
        raise error_from_result(result)


@contextmanager
def _reader() -> Iterator[Reader]:
    """One that lay idle, else another. After a fault it is of no more use."""
    idle: deque[Reader] = current_app.extensions[EXTENSION]
    reader = _taken(idle) or _opened()
    try:
        yield reader
    except BaseException:
        _drop(reader)
        raise
    idle.append(reader)


def _taken(idle: deque[Reader]) -> Reader | None:
    """The last one that was put back: as few stay in use as threads ask at the same time."""
    with suppress(IndexError):
        while not (reader := idle.pop()).is_fresh:
            reader.close()
        return reader
    return None


def _opened() -> Reader:
    """Opened as those of the engine are, and then no longer one of them."""
    pooled = db.engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()
    connection.autocommit = True
    return Reader(connection)


def _drop(reader: Reader) -> None:
    """And if the server has ended it, all others with it: they have ended as well."""
    has_ended = reader.has_ended
    reader.close()
    if has_ended:
        db.engine.dispose()


def _close_all(idle: deque[Reader]) -> None:
    with suppress(IndexError):
        while True:
            idle.pop().close()


@lru_cache(maxsize=64)
def _sql(statement: Statement) -> tuple[bytes, tuple[str, ...]]:
    """In PostgreSQL's own words and without our indentation, and the names of its parameters."""
    compiled = statement.compile(dialect=DIALECT)
    return " ".join(str(compiled).split()).encode(), tuple(compiled.positiontup or ())
