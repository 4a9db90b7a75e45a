"""Compare an uploaded list with the registry: rows are copied into a temporary table as they are
read, and one statement says of all of them what they are."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
from flask import current_app
from sqlalchemy import select

from idp.extensions import db
from idp.invitations.bulk import reading, rows
from idp.invitations.bulk import statements as sql
from idp.invitations.bulk.errors import EmptyFile, UnusableFile
from idp.invitations.bulk.models import Finding, Upload
from idp.invitations.conditions import EVERY_SEGMENT

PORTION = 5000  # rows between two words about the progress

Progress = Callable[[int, int], None]  # lines read so far, and of how many


class Discarded(Exception):
    """The upload is gone: its person changed their mind, or the draft's time is over."""


def check(upload: Upload, progress: Progress) -> None:
    """Read `upload` and keep what each line is, or why the file can't be used."""
    if upload.content is None:
        return
    try:
        # Of a refused file no line stays, and the transaction goes on.
        with db.session.begin_nested():
            upload.findings = _compare(upload, upload.content, progress)
    except UnusableFile as refusal:
        upload.problem = refusal.code


def finish(upload: Upload, at: datetime) -> None:
    """Nothing more is to be done with it, and nobody needs the file any more."""
    _hold(upload)
    upload.content = None
    upload.finished_at = at
    db.session.flush()


def _compare(upload: Upload, content: bytes, progress: Progress) -> dict[str, int]:
    """How many lines there are of each finding; raises `UnusableFile`."""
    most_rows = current_app.config["BULK_MAXIMUM_ROWS"]
    values = {
        "upload": upload.id,
        "holder": str(upload.holder_tax_id),
        "segment": None if upload.segment == EVERY_SEGMENT else upload.segment,
    }
    with _cursor() as cursor, reading.opened(content, upload.kind, most_rows=most_rows) as lines:
        cursor.execute(sql.CLEAR)
        cursor.execute(sql.CREATE_STAGING)
        seen = _watched(lines, progress)
        if not _stage(cursor, rows.read(seen, most_rows=most_rows)):
            raise EmptyFile
        cursor.execute(sql.ANALYZE)
        _hold(upload)
        cursor.execute(sql.INSERT_LINES, values)
        counts = cursor.execute(sql.COUNT_FINDINGS, values).fetchall()
    return {Finding(finding).value: count for finding, count in counts}


def _stage(cursor: psycopg.Cursor[tuple[str, int]], found: Iterator[rows.Row]) -> int:
    with cursor.copy(sql.COPY) as copy:
        count = 0
        for row in found:
            copy.write_row(row)
            count += 1
    return count


def _watched(lines: reading.Lines, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    progress(0, lines.total)
    while portion := list(itertools.islice(lines.cells, PORTION)):
        yield from portion
        progress(min(portion[-1][0], lines.total), lines.total)


def _hold(upload: Upload) -> None:
    """From here on nobody can discard it; until here they need not wait."""
    held = select(Upload.id).where(Upload.id == upload.id).with_for_update(key_share=True)
    if db.session.scalar(held) is None:
        raise Discarded


def _cursor() -> psycopg.Cursor[tuple[str, int]]:
    """A cursor of the session's own connection, for COPY and in the same transaction."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)  # noqa: S101 - for the type checker
    return connection.cursor()
