"""Forget staff sessions that ended long ago; what was done in them stays in the trail."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.admin.models import StaffSession
from idp.extensions import db

SESSIONS_KEPT = timedelta(days=30)


def purge(at: datetime) -> int:
    """Delete staff sessions 30 days after their end; returns how many rows went."""
    # A session ends at `expires_at` at the latest, and that column has the index.
    doomed = delete(StaffSession).where(StaffSession.expires_at < at - SESSIONS_KEPT)
    return db.session.connection().execute(doomed).rowcount
