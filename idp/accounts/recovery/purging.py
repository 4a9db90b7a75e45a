"""Forget changes of addresses that nobody can undo any more, and removals long past."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.accounts.recovery.models import EmailChange, FactorRemoval, Origin
from idp.accounts.rules import REMEMBERED
from idp.extensions import db

# How long we can say whom staff spoke to before they entered an address.
CALLERS_KEPT = timedelta(days=365)


def purge(at: datetime) -> int:
    """Delete changes a week after their last day, those of staff and removals after a year; returns
    how many rows went."""
    by_staff = EmailChange.origin == Origin.STAFF
    doomed = (
        delete(EmailChange).where(EmailChange.undo_until < at - REMEMBERED, ~by_staff),
        delete(EmailChange).where(EmailChange.undo_until < at - CALLERS_KEPT, by_staff),
        delete(FactorRemoval).where(FactorRemoval.created_at < at - CALLERS_KEPT),
    )
    connection = db.session.connection()
    return sum(connection.execute(each).rowcount for each in doomed)
