"""Delete the content of documents whose time is over; the record that they were there stays."""

from datetime import datetime

from sqlalchemy import select, update

from idp.audit import SYSTEM, Event
from idp.evidence.models import Document
from idp.evidence.services import record_about
from idp.extensions import db

PORTION = 100  # documents in one transaction


def purge(at: datetime) -> int:
    """Empty up to 100 documents that are due, those never attached to anything among them."""
    due = (
        select(Document.id)
        .where(Document.delete_at <= at, Document.deleted_at.is_(None))
        .order_by(Document.delete_at)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    )
    emptied = db.session.scalars(
        update(Document)
        .where(Document.id.in_(due))
        .values(sealed=None, deleted_at=at)
        .returning(Document)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    for document in emptied:
        record_about(document, Event.EVIDENCE_DELETED, by=SYSTEM)
    return len(emptied)
