"""Forget what nobody will come back to."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.contacts.models import ContactDraft
from idp.extensions import db

DRAFT_LIFE = timedelta(days=1)


def purge(at: datetime) -> int:
    """Delete the drafts that were begun more than a day ago; returns how many there were."""
    stale = delete(ContactDraft).where(ContactDraft.created_at < at - DRAFT_LIFE)
    return db.session.connection().execute(stale).rowcount
