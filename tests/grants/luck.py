"""Random choices among what there is."""

import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, select

from idp.errors import NotFound
from idp.extensions import db
from idp.grants.models import Grant, State
from idp.registry.models import Installation

T = TypeVar("T")
LATEST = 12


class Luck:
    """The choices of one thread: the same ones for the same seed, as far as others let it. Where
    there is nothing to choose from, that is a refusal like others."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing secret

    def some(self, kind: type[T]) -> T:
        """One of all rows."""
        return self.of(db.session.scalars(select(kind)))

    def grant(self, *conditions: ColumnElement[bool]) -> Grant:
        """One of the latest that are active."""
        return self.of(self.grants(*conditions))

    def grants(self, *conditions: ColumnElement[bool]) -> Sequence[Grant]:
        """The latest that are active."""
        query = select(Grant).where(Grant.state == State.ACTIVE, *conditions)
        return db.session.scalars(query.order_by(Grant.id.desc()).limit(LATEST)).all()

    def among(self, *conditions: ColumnElement[bool]) -> list[Installation]:
        """A few of all installations."""
        return self.few(db.session.scalars(select(Installation).where(*conditions)).all())

    def few(self, found: Sequence[T]) -> list[T]:
        """Up to five of these, in any order."""
        return self.random.sample(found, self.random.randint(0, min(5, len(found))))

    def of(self, found: Iterable[T]) -> T:
        """One of these; raises `NotFound` where there is none."""
        rows = list(found)
        if not rows:
            raise NotFound
        return self.random.choice(rows)
