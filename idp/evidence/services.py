"""Take documents in, give them out, and let them go when their time is over.

Whoever may upload or read is decided above, where it is known what a document proves. Content is
never in clear in the database: it is sealed for its own row.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import update
from werkzeug.datastructures import FileStorage

from idp import sealing
from idp.audit import Actor, Event, record
from idp.evidence.checks import inspect
from idp.evidence.errors import (
    DocumentDeleted,
    DocumentRefused,
    DuplicateDocument,
    NoDocument,
    TooManyDocuments,
)
from idp.evidence.models import Document
from idp.evidence.names import cleaned_name
from idp.extensions import db, transaction
from idp.identifiers import public_id

UNATTACHED_LIFE = timedelta(days=1)


def store(
    files: Sequence[FileStorage], *, by: Actor, at: datetime, field: str = "documents"
) -> list[Document]:
    """Check and seal `files`, in their order; all of them or none.

    What is not attached to something (`attach`) within a day is deleted. Raises DocumentRefused,
    beside `field`.
    """
    contents = _contents(files, field)
    documents = []
    for name, content in contents:
        document = Document(
            public_id=public_id("e"),
            name=name,
            media_type=inspect(name, content, field=field),
            size=len(content),
            sha256=hashlib.sha256(content).digest(),
            uploaded_at=at,
            uploaded_by=str(by),
            delete_at=at + UNATTACHED_LIFE,
        )
        document.sealed = sealing.seal_content(content, owner=document.public_id)
        documents.append(document)
    db.session.add_all(documents)
    db.session.flush()
    for document in documents:
        record_about(document, Event.EVIDENCE_STORED, by=by)
    return documents


def attach(documents: Sequence[Document]) -> None:
    """Keep `documents` until whatever they belong to is decided; see `schedule_deletion`.

    Raises DocumentDeleted when one was purged before.
    """
    kept = db.session.execute(
        update(Document)
        .where(Document.id.in_([each.id for each in documents]), Document.deleted_at.is_(None))
        .values(delete_at=None)
        .returning(Document.id)
    ).all()
    if len(kept) < len(documents):
        raise DocumentDeleted


def schedule_deletion(documents: Sequence[Document], *, decided_at: datetime) -> None:
    """Delete the content of `documents` `EVIDENCE_RETENTION_DAYS` after the decision."""
    kept = timedelta(days=current_app.config["EVIDENCE_RETENTION_DAYS"])
    for document in documents:
        document.delete_at = decided_at + kept


def read(document: Document, *, by: Actor) -> bytes:
    """The content as it was uploaded; the trail keeps who read it.

    Raises DocumentDeleted, and `sealing.Unreadable` when the row's content is not its own.
    """
    if document.sealed is None:
        raise DocumentDeleted
    content = sealing.unseal_content(document.sealed, owner=document.public_id)
    record_about(document, Event.EVIDENCE_READ, by=by)
    return content


def record_about(document: Document, event: Event, *, by: Actor) -> None:
    """Put a step into the trail of whoever uploaded the document."""
    record(
        event,
        by=by,
        account=_account_of(document.uploaded_by),
        document=document.public_id,
        media_type=document.media_type.value,
    )


@contextmanager
def refusals_recorded(by: Actor) -> Iterator[None]:
    """Around a view's transaction: a refused document leaves its trace in one of its own."""
    try:
        yield
    except DocumentRefused as refusal:
        with transaction():
            record(
                Event.EVIDENCE_REFUSED, by=by, account=_account_of(str(by)), problem=refusal.code
            )
        raise


def _contents(files: Sequence[FileStorage], field: str) -> list[tuple[str, bytes]]:
    """Name and content of each; no more of it is read than shows that it is too much."""
    if not files:
        raise NoDocument(field=field)
    if len(files) > current_app.config["EVIDENCE_MAXIMUM_DOCUMENTS"]:
        raise TooManyDocuments(field=field)
    most = current_app.config["EVIDENCE_MAXIMUM_BYTES"] + 1
    contents: dict[bytes, str] = {}
    for file in files:
        name, content = cleaned_name(file.filename or ""), file.stream.read(most)
        if content in contents:
            raise DuplicateDocument(name, field=field)
        contents[content] = name
    return [(name, content) for content, name in contents.items()]


def _account_of(actor: str) -> str | None:
    """The public id of the account behind `account:a_…`; None for staff and the service."""
    kind, _colon, reference = actor.partition(":")
    return reference if kind == "account" else None
