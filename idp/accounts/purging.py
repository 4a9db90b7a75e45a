"""Forget what has served its purpose."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.accounts.models import BrowserSession, PasswordReset, Registration
from idp.accounts.rules import REMEMBERED
from idp.extensions import db

# How long the list of past sessions can help to find out what happened.
SESSIONS_KEPT = timedelta(days=30)


def purge(at: datetime) -> int:
    """Delete registrations a week after their last link, resets a week after theirs, and sessions
    30 days after their end; returns how many rows went."""
    doomed = (
        delete(Registration).where(Registration.expires_at < at - REMEMBERED),
        delete(PasswordReset).where(PasswordReset.expires_at < at - REMEMBERED),
        # A session ends at `expires_at` at the latest, and that column has the index.
        delete(BrowserSession).where(BrowserSession.expires_at < at - SESSIONS_KEPT),
    )
    connection = db.session.connection()
    return sum(connection.execute(each).rowcount for each in doomed)
