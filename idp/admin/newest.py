"""Lists of the console: newest first, each way to a row walking an index of its own.

`a OR b` over two indexes makes PostgreSQL fetch and sort everything; the union of two short,
sorted lists of ids does not, however many rows a holder has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.base import ExecutableOption

from idp.extensions import Base, db

Row = TypeVar("Row", bound=Base)

PER_PAGE = 20
PARAMETER = "before"
MAXIMUM_DIGITS = 18  # of a bigint that is surely one


@dataclass(frozen=True, slots=True)
class Newest(Generic[Row]):
    """Some rows, newest first; `older` is the id to go on before, None at the end."""

    rows: list[Row]
    older: int | None


def asked_before() -> int | None:
    """Where the address of this request wants to go on; nonsense starts at the newest."""
    typed = request.args.get(PARAMETER, "")
    known = typed.isascii() and typed.isdigit() and len(typed) <= MAXIMUM_DIGITS
    return int(typed) if known else None


def way(
    column: InstrumentedAttribute[int],
    *conditions: ColumnElement[bool],
) -> Select[tuple[int]]:
    """Ids in `column` of the rows where all `conditions` hold."""
    ids: Select[tuple[int]] = select(column)
    return ids.where(*conditions).order_by(column.desc())


def newest(
    model: type[Row],
    ways: Sequence[Select[tuple[int]]],
    *,
    options: Sequence[ExecutableOption] = (),
    before: int | None = None,
    skip: int = 0,
    limit: int = PER_PAGE,
) -> Newest[Row]:
    """The newest rows of `model` that any of the `ways` leads to, before an id or after `skip`."""
    if not ways:
        return Newest([], None)
    branches = [_bounded(each, before, skip + limit + 1) for each in ways]
    ids = union(*branches).subquery()
    key: Any = model.__mapper__.primary_key[0]
    found = list(
        db.session.scalars(
            select(model)
            .where(key.in_(select(ids.c[0])))
            .order_by(key.desc())
            .offset(skip)
            .limit(limit + 1)
            .options(*options)
        )
    )
    older = _id_of(found[limit - 1]) if len(found) > limit else None
    return Newest(found[:limit], older)


def _bounded(ids: Select[tuple[int]], before: int | None, limit: int) -> Select[tuple[int]]:
    if before is not None:
        ids = ids.where(ids.selected_columns[0] < before)
    return ids.limit(limit)


def _id_of(row: Base) -> int:
    number: int = row.id  # type: ignore[attr-defined]
    return number
