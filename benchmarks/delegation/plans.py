"""How PostgreSQL answers: whether any statement of a request reads a big table from end to end."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from benchmarks.delegation.country import TABLES

EXPLAINED = ("SELECT", "WITH", "UPDATE", "(SELECT")
PARAMETER = re.compile(r"%\((\w+)\)s")


def sequential_scans(engine: Engine, ask: Callable[[], object]) -> set[tuple[str, str]]:
    """(table, statement) for each sequential scan of a big table in what `ask` sends."""
    with _sent(engine) as statements:
        ask()
    found = set()
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)  # noqa: S101 - for the type checker
        for statement, parameters in statements:
            for plan in _plans(driver, statement, parameters):
                found |= {(table, statement) for table in _scanned(plan) if table in TABLES}
    return found


@contextmanager
def _sent(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(EXPLAINED):
            sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plans(connection: psycopg.Connection, statement: str, parameters: Any) -> Iterator[Any]:
    """The plan for these parameters, and the one for any, which a prepared statement ends up with.

    The statements are those that the application sent a moment ago.
    """
    names = list(dict.fromkeys(PARAMETER.findall(statement)))
    generic = PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
    generic = generic.replace("%%", "%")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}".encode(), parameters)
        yield _read(cursor)
        cursor.execute(f"EXPLAIN (FORMAT JSON, GENERIC_PLAN) {generic}".encode())
        yield _read(cursor)


def _read(cursor: "psycopg.Cursor[Any]") -> Any:
    (plan,) = cursor.fetchone() or ("[]",)
    (first,) = json.loads(plan) if isinstance(plan, str) else plan
    return first["Plan"]


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from _scanned(child)
