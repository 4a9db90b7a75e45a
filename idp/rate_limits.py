"""Rate limits shared by all workers: one row a key, one statement an attempt.

The generic cell rate algorithm: `free_at` is when the allowance would be full again. An attempt
moves it on by one interval and is refused when that would reach more than `burst` intervals ahead.
The attempt is committed at once on a connection of its own, so a refused or rolled-back request
still counts and no row stays locked while a password is hashed.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, LargeBinary, text
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
        at = clock.now()
        latest = at + self.interval * (self.burst - 1)
        row = {"key": digest(f"{self.name}:{subject}"), "at": at, "interval": self.interval}
        with _connection() as connection:
            if connection.execute(TAKE, {**row, "latest": latest}).first() is not None:
                return
            free_at = connection.scalar(FREE_AT, row)
        wait = (free_at - latest).total_seconds() if free_at else 0
        raise TooManyAttempts(retry_after=max(1, math.ceil(wait)))

    def forgive(self, subject: str) -> None:
        """Forget the attempts of `subject`, after one that succeeded."""
        with _connection() as connection:
            connection.execute(FORGET, {"key": digest(f"{self.name}:{subject}")})


TAKE = text(
    """
    INSERT INTO rate_limits (key, free_at) VALUES (:key, :at + :interval)
    ON CONFLICT (key) DO UPDATE
       SET free_at = greatest(rate_limits.free_at, :at) + :interval
     WHERE rate_limits.free_at <= :latest
    RETURNING free_at
    """
)
FREE_AT = text("SELECT free_at FROM rate_limits WHERE key = :key")
FORGET = text("DELETE FROM rate_limits WHERE key = :key")
PURGE = text("DELETE FROM rate_limits WHERE free_at < :at")


def _connection() -> Connection:
    """Each statement is its own transaction: one round trip instead of three."""
    return db.engine.execution_options(isolation_level="AUTOCOMMIT").connect()


def purge(at: datetime) -> int:
    """Drop the rows of allowances that are full again; returns how many."""
    return db.session.connection().execute(PURGE, {"at": at}).rowcount
