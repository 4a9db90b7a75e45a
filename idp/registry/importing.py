"""Bring the registry up to the utility's customer information system.

Rows are checked one by one as they stream in and copied into a temporary table; then a handful of
statements over whole sets compare and write. All of it is one transaction: readers see the
registry before or after an import, never in between, and an import that fails leaves no trace.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

import psycopg

from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.registry import statements as sql
from idp.registry.files import Values
from idp.registry.proofs.facts import fingerprint
from idp.registry.proofs.told import KINDS, Facts, read_facts
from idp.registry.rows import BadRow, Row, read_row
from idp.registry.signals import installations_transferred

IMPORTER = Actor("system", "import")
# So many that are new change what the planner should take the tables for. It learns that at once:
# until the database found out by itself, a minute later, everybody would wait for wrong plans.
MANY = 10_000

Report = Callable[[int, BadRow], None]  # line number and what is wrong there
Cursor = psycopg.Cursor[tuple[int, ...]]
Fingerprints = list[bytes] | None  # None: the row doesn't tell


@dataclass(slots=True)
class Counts:
    """What an import did, in rows."""

    added: int = 0
    changed: int = 0
    transferred: int = 0
    unchanged: int = 0
    refused: int = 0


def import_rows(
    rows: Iterable[tuple[int, Values | BadRow]], *, report: Report, at: datetime
) -> Counts:
    """Import what `files.read` gives; bad rows are passed to `report` and left out.

    Installations that the file does not mention stay as they are.
    """
    counts = Counts()

    def refuse(line: int, problem: BadRow) -> None:
        counts.refused += 1
        report(line, problem)

    with _cursor() as cursor:
        staged = _stage(cursor, rows, refuse)
        cursor.execute(sql.LOCK)
        _write(cursor, counts, staged, at)
    if counts.transferred:
        installations_transferred.send(None, at=at)
    record(Event.REGISTRY_IMPORTED, by=IMPORTER, **asdict(counts))
    return counts


def _cursor() -> Cursor:
    """A cursor of the session's own connection, for COPY and in the same transaction."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - for the type checker
    return connection.cursor()


def _stage(cursor: Cursor, rows: Iterable[tuple[int, Values | BadRow]], refuse: Report) -> int:
    """Fill the staging table; returns how many rows are in it."""
    cursor.execute(sql.PATIENCE)
    cursor.execute(sql.CLEAR)
    cursor.execute(sql.CREATE_STAGING)
    staged = 0
    with cursor.copy(sql.COPY) as copy:
        for line, row, facts in _good(rows, refuse):
            copy.write_row((line, *row, *_fingerprints(row.holder, facts)))
            staged += 1
    cursor.execute(sql.ANALYZE)
    cursor.execute(sql.REFUSE_REPEATED)
    for line, original in cursor.fetchall():
        refuse(line, BadRow("code", f"repeats the installation of line {original}"))
        staged -= 1
    return staged


def _good(
    rows: Iterable[tuple[int, Values | BadRow]], refuse: Report
) -> Iterator[tuple[int, Row, Facts]]:
    for line, values in rows:
        if isinstance(values, BadRow):
            refuse(line, values)
            continue
        try:
            row, facts = read_row(values), read_facts(values)
        except BadRow as problem:
            refuse(line, problem)
        else:
            yield line, row, facts


def _fingerprints(holder: str, facts: Facts) -> Iterator[Fingerprints]:
    """What is kept of each column's facts; nothing else of them reaches the database."""
    for column, values in facts.items():
        kind = KINDS[column]
        yield None if values is None else [fingerprint(kind, holder, value) for value in values]


def _write(cursor: Cursor, counts: Counts, staged: int, at: datetime) -> None:
    """Compare the staging table with the registry and change what differs."""
    moment = {"at": at}
    cursor.execute(sql.UPSERT_HOLDERS, moment)
    different = cursor.execute(sql.CREATE_DIFFERENCES).rowcount
    cursor.execute(sql.CREATE_TRANSFERRED)
    counts.transferred = cursor.execute(sql.FILL_TRANSFERRED).rowcount
    cursor.execute(sql.ANALYZE_TRANSFERRED)
    cursor.execute(sql.LOCK_INSTALLATIONS)
    cursor.execute(sql.UPDATE_INSTALLATIONS, moment)
    cursor.execute(sql.CREATE_MOVES)
    cursor.execute(sql.INSERT_INSTALLATIONS, moment)
    ((counts.added,),) = cursor.execute(sql.COUNT_ADDED).fetchall()
    if counts.added >= MANY:
        cursor.execute(sql.ANALYZE_REGISTRY)
    cursor.execute(sql.ADD_TRANSFERS)
    cursor.execute(sql.COUNT_HOLDINGS, moment)
    _write_facts(cursor)
    counts.changed = different - counts.transferred
    counts.unchanged = staged - different - counts.added


def _write_facts(cursor: Cursor) -> None:
    """Bring what shows who is the holder up to date, kind by kind."""
    cursor.execute(sql.FORGET_FACTS)
    cursor.execute(sql.CREATE_TOLD_FACTS)
    cursor.execute(sql.ANALYZE_TOLD_FACTS)
    cursor.execute(sql.DELETE_FACTS)
    cursor.execute(sql.INSERT_FACTS)
