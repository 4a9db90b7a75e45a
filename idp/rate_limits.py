"""Rate limits shared by all workers: one row a key, one statement an attempt.

The generic cell rate algorithm: `free_at` is when the allowance would be full again. An attempt
moves it on by one interval and is refused when that would reach more than `burst` intervals ahead.
The attempt is committed at once on a connection of its own, so a refused or rolled-back request
still counts and no row stays locked while a password is hashed.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, TextClause, text
from sqlalchemy.orm import Mapped, mapped_column

from idp import clock
from idp.errors import TooManyAttempts
from idp.extensions import Base, db
from idp.identifiers import digest


class RateLimit(Base):
    """How far a key's allowance is used up. The table is unlogged: a crash only forgives."""

    __tablename__ = "rate_limits"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # SHA-256 of name and subject
    free_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` attempts at once, then one every `interval`."""

    name: str
    burst: int
    interval: timedelta

    def hit(self, subject: str) -> None:
        """Count an attempt of `subject`; raises `TooManyAttempts` when none is left."""
        hit((self, subject))

    def forgive(self, subject: str) -> None:
        """Forget the attempts of `subject`, after one that succeeded."""
        with _connection() as connection:
            connection.execute(FORGET, {"key": self.key(subject)})

    def key(self, subject: str) -> bytes:
        """What the row is found by: nobody reads tax ids or addresses in this table."""
        return digest(f"{self.name}:{subject}")


def hit(*attempts: tuple[Limit, str]) -> None:
    """Count one attempt against each limit, in one round trip and in this order.

    Those after the first refusal are not counted. Raises `TooManyAttempts`.
    """
    at = clock.now()
    values: dict[str, Any] = {"at": at}
    for number, (limit, subject) in enumerate(attempts):
        values[f"key{number}"] = limit.key(subject)
        values[f"interval{number}"] = limit.interval
        values[f"latest{number}"] = at + limit.interval * (limit.burst - 1)
    with _connection() as connection:
        taken = connection.execute(_take(len(attempts)), values).one()
        if all(taken):
            return
        refused = list(taken).index(False)
        free_at = connection.scalar(FREE_AT, {"key": values[f"key{refused}"]})
    wait = (free_at - values[f"latest{refused}"]).total_seconds() if free_at else 0
    raise TooManyAttempts(retry_after=max(1, math.ceil(wait)))


@lru_cache
def _take(count: int) -> TextClause:
    """One statement for `count` limits; each waits for the one before to allow its attempt."""
    steps = ", ".join(
        TAKE.format(
            number=number, unless=f"WHERE EXISTS (SELECT FROM taken{number - 1})" if number else ""
        )
        for number in range(count)
    )
    answers = ", ".join(f"EXISTS (SELECT FROM taken{number})" for number in range(count))
    return text(f"WITH {steps} SELECT {answers}")


TAKE = """
    taken{number} AS (
        INSERT INTO rate_limits (key, free_at)
        SELECT :key{number}, CAST(:at AS timestamptz) + :interval{number} {unless}
        ON CONFLICT (key) DO UPDATE
           SET free_at = greatest(rate_limits.free_at, :at) + :interval{number}
         WHERE rate_limits.free_at <= :latest{number}
        RETURNING 1
    )
"""
FREE_AT = text("SELECT free_at FROM rate_limits WHERE key = :key")
FORGET = text("DELETE FROM rate_limits WHERE key = :key")
PURGE = text("DELETE FROM rate_limits WHERE free_at < :at")


def _connection() -> Connection:
    """Each statement is its own transaction: one round trip instead of three."""
    return _committing_at_once(db.engine).connect()


@lru_cache(maxsize=4)
def _committing_at_once(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def purge(at: datetime) -> int:
    """Drop the rows of allowances that are full again; returns how many."""
    return db.session.connection().execute(PURGE, {"at": at}).rowcount
