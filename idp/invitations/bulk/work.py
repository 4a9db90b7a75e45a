"""The worker's part: read the uploads that wait, one after the other.

Whoever reads one holds an advisory lock until the commit that keeps the result, so any number of
workers may run; when one is killed its lock goes with its connection and another begins anew.
Progress is written in transactions of its own, so that everybody sees it.
"""

import logging

from flask import Flask
from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import undefer

from idp import clock
from idp.extensions import db, transaction
from idp.invitations.bulk import checking
from idp.invitations.bulk.checking import Discarded
from idp.invitations.bulk.errors import UnusableFile
from idp.invitations.bulk.models import Upload

log = logging.getLogger(__name__)

LOCK = 8723  # the first of two keys; the second is the upload
KEYS = 2**31
MOST_ATTEMPTS = 3  # then it is the file that ends the workers
CANDIDATES = 20


def check_next(app: Flask) -> bool:
    """Read one upload that waits and that no other worker reads; False: there is none."""
    with app.app_context():
        try:
            with transaction():
                upload = claim()
                if upload is not None:
                    _check(upload)
        except Discarded:
            log.info("upload discarded meanwhile")
            return True
        return upload is not None


def claim() -> Upload | None:
    """The next one, locked until the transaction ends."""
    waiting = select(Upload.id).where(Upload.finished_at.is_(None)).order_by(Upload.id)
    for upload_id in db.session.scalars(waiting.limit(CANDIDATES)).all():
        key = func.pg_try_advisory_xact_lock(LOCK, upload_id % KEYS)
        if not db.session.scalar(select(key)):
            continue
        # Another worker may have finished it between the two statements.
        found = select(Upload).where(Upload.id == upload_id, Upload.finished_at.is_(None))
        if upload := db.session.scalar(found.options(undefer(Upload.content))):
            return upload
    return None


def _check(upload: Upload) -> None:
    began = clock.now()
    with _apart() as connection:
        _note(connection, upload, attempts=upload.attempts + 1)
        if upload.attempts < MOST_ATTEMPTS:
            checking.check(
                upload,
                lambda read, total: _note(connection, upload, lines_read=read, line_count=total),
            )
        else:
            upload.problem = UnusableFile.code
    checking.finish(upload, clock.now())
    log.info(
        "upload checked",
        extra={
            "upload": upload.public_id,
            "seconds": (clock.now() - began).total_seconds(),
            "lines": sum(upload.findings.values()),
            "reason": upload.problem,
        },
    )


def _apart() -> Connection:
    """A connection on which each statement is a transaction of its own."""
    return db.engine.execution_options(isolation_level="AUTOCOMMIT").connect()


def _note(connection: Connection, upload: Upload, **values: int) -> None:
    """Let everybody see how far it is; raises `Discarded`."""
    changed = connection.execute(update(Upload).where(Upload.id == upload.id).values(**values))
    if changed.rowcount == 0:
        raise Discarded
