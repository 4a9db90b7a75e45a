"""Forget what nobody will come back to."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.extensions import db
from idp.invitations.models import InvitationDraft

DRAFT_LIFE = timedelta(days=1)


def purge(at: datetime) -> int:
    """Delete the drafts that were begun more than a day ago; returns how many there were."""
    deleted = db.session.execute(
        delete(InvitationDraft)
        .where(InvitationDraft.created_at < at - DRAFT_LIFE)
        .returning(InvitationDraft.id)
        .execution_options(synchronize_session=False)
    )
    return len(deleted.all())
