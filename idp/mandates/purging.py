"""Forget drafts that nobody went on with."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.extensions import db
from idp.mandates.models import MandateRequest, RequestState

# As long as documents that belong to nothing are kept: see `evidence.services.UNATTACHED_LIFE`.
KEPT = timedelta(days=1)


def purge(at: datetime) -> int:
    """Delete drafts a day after they were begun; returns how many."""
    stale = delete(MandateRequest).where(
        MandateRequest.state == RequestState.DRAFT, MandateRequest.created_at < at - KEPT
    )
    return db.session.connection().execute(stale).rowcount
