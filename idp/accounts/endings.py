"""Browser sessions end: all of a person at once, or each at its full age.

One that is ended by itself, on its own browser or by name, is a matter of `sessions.end`.
"""

from datetime import datetime

from sqlalchemy import select, update

from idp.accounts.models import Account, BrowserSession
from idp.accounts.signals import everything_ended, sessions_ended
from idp.extensions import db

PORTION = 500  # sessions ended in one transaction


def end_everything(account: Account, *, at: datetime, keep: BrowserSession | None = None) -> int:
    """`end_all`, and whatever applications may still do in the name of `account`, but what hangs
    from `keep`: for when somebody else may have got in. Returns how many sessions ended."""
    ended = end_all(account, at=at, keep=keep)
    everything_ended.send(None, account=account, keep=keep, at=at)
    return ended


def end_all(account: Account, *, at: datetime, keep: BrowserSession | None = None) -> int:
    """Sign `account` out everywhere but in `keep`; returns how many sessions ended."""
    query = update(BrowserSession).where(
        BrowserSession.account_id == account.id, BrowserSession.ended_at.is_(None)
    )
    if keep is not None:
        query = query.where(BrowserSession.id != keep.id)
    ended = db.session.scalars(query.values(ended_at=at).returning(BrowserSession.id)).all()
    sessions_ended.send(None, session_ids=ended, at=at)
    return len(ended)


def end_due(at: datetime, limit: int = PORTION) -> int:
    """Note the end of up to `limit` sessions that reached their full age; returns how many.

    Nobody could use them any longer; now whoever followed them learns that they are over.
    """
    due = (
        select(BrowserSession.id)
        .where(BrowserSession.ended_at.is_(None), BrowserSession.expires_at <= at)
        .order_by(BrowserSession.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    over = update(BrowserSession).where(BrowserSession.id.in_(due))
    noted = over.values(ended_at=BrowserSession.expires_at).returning(BrowserSession.id)
    ended = db.session.scalars(noted.execution_options(synchronize_session=False)).all()
    sessions_ended.send(None, session_ids=ended, at=at)
    return len(ended)
