"""Write somebody's data down, for themselves: as JSON for machines or as a page for people."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text

from idp import clock
from idp.accounts.data.exporting import json_file, page_file
from idp.accounts.models import Account
from idp.audit import Event, record
from idp.extensions import db
from idp.mail import notify

BLOCK = 64 * 1024  # bytes that leave together
LONGEST = timedelta(minutes=10)
# Whoever stops reading gives the connection to the database back.
PATIENCE = text("SET LOCAL idle_in_transaction_session_timeout = '60s'")


class Format(StrEnum):
    """What the file is."""

    JSON = "json"
    HTML = "html"


MEDIA_TYPES = {Format.JSON: "application/json", Format.HTML: "text/html; charset=utf-8"}


class TooSlow(Exception):
    """The file was read so slowly that a connection to the database was taken up for too long."""


def begin(account: Account, format_: Format, *, at: datetime) -> None:
    """Leave a trace of the export, and tell the person, who may not be the one that asked."""
    record(
        Event.DATA_EXPORTED,
        by=account.actor,
        account=account.public_id,
        format=format_.value,
    )
    notify("data_exported", to=account.recipient, at=at.isoformat())


def written(account: Account, format_: Format, *, at: datetime) -> Iterator[bytes]:
    """The file, block by block; nothing is read before the first is asked for.

    The rows are read as they leave, so that the number of installations costs neither memory nor a
    wait. Raises `TooSlow`, and the download breaks off, when that takes longer than ten minutes.
    """
    db.session.execute(PATIENCE)
    write = json_file.chunks if format_ is Format.JSON else page_file.chunks
    for block in _blocks(write(account, at)):
        if clock.now() - at > LONGEST:
            raise TooSlow
        yield block


def _blocks(chunks: Iterable[str]) -> Iterator[bytes]:
    """The same text in pieces of some size: one write for each row would take longer."""
    waiting: list[str] = []
    size = 0
    for chunk in chunks:
        waiting.append(chunk)
        size += len(chunk)
        if size >= BLOCK:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
