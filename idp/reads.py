"""Questions of the hot paths: one statement, one round trip, no session.

A session begins a transaction, keeps track of objects and ends the transaction: three round trips,
and more work than the question itself. Here a statement runs on a connection of the pool as a
transaction of its own, prepared once. It sees what is committed, so ask here only where nothing was
written in the same request.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import PoolProxiedConnection

from idp.extensions import db

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


def rows(statement: TextClause, parameters: Mapping[str, Any]) -> list[Any]:
    """All rows, as named tuples.

    Raises SQLAlchemy's `OperationalError` when the database is away, and its `TimeoutError` when no
    connection is free.
    """
    sql = _sql(statement)
    try:
        with _connection() as connection:
            return connection.cursor(row_factory=namedtuple_row).execute(sql, parameters).fetchall()
    except psycopg.OperationalError as error:
        raise OperationalError(None, None, error) from error


@contextmanager
def _connection() -> Iterator[psycopg.Connection[Any]]:
    """One that commits at once, as long as it is held. After a fault it never goes back to the
    pool: whoever had it next would commit each statement, too."""
    pooled = db.engine.raw_connection()
    connection: Any = pooled.driver_connection
    try:
        connection.autocommit = True
        yield connection
        connection.autocommit = False
    except BaseException:
        _drop(pooled)
        raise
    pooled.close()


def _drop(pooled: PoolProxiedConnection) -> None:
    """And if the server has ended it, all others with it: they have ended as well."""
    has_ended = pooled.driver_connection is not None and pooled.driver_connection.closed
    pooled.invalidate()
    pooled.close()
    if has_ended:
        db.engine.dispose()


@lru_cache(maxsize=64)
def _sql(statement: TextClause) -> bytes:
    """In the driver's own words and without our indentation: what it has parsed it remembers up to
    4,096 bytes."""
    return " ".join(str(statement.compile(dialect=DIALECT)).split()).encode()
