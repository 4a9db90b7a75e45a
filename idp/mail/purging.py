"""Forget the mails that have left: the outbox is a queue, not an archive of addresses."""

from datetime import datetime, timedelta

from sqlalchemy import text

from idp.extensions import db

KEPT = timedelta(days=30)  # long enough to answer "I never got it"

PURGE = text(
    """
    DELETE FROM mails WHERE id IN (
        SELECT id FROM mails WHERE sent_at < :before ORDER BY sent_at LIMIT :limit
    )
    """
)


def purge(at: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` mails sent more than 30 days ago; returns how many."""
    values = {"before": at - KEPT, "limit": limit}
    return db.session.connection().execute(PURGE, values).rowcount
