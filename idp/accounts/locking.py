"""Shut an account out, and let it in again; decided by staff, with a reason."""

from datetime import datetime

from sqlalchemy import select

from idp.accounts import sessions
from idp.accounts.models import Account
from idp.accounts.signals import Ending
from idp.audit import Actor, Event, record
from idp.extensions import db


def lock(account: Account, *, by: Actor, at: datetime, reason: str) -> bool:
    """End every session and refuse new ones; False if the account was locked already."""
    _hold(account)
    if account.locked_at is not None:
        return False
    account.locked_at = at
    db.session.flush()
    ended = sessions.end_all(account, at=at, reason=Ending.LOCKED)
    record(
        Event.ACCOUNT_LOCKED,
        by=by,
        account=account.public_id,
        reason=reason,
        sessions_ended=ended,
    )
    return True


def unlock(account: Account, *, by: Actor, at: datetime, reason: str) -> bool:
    """Let the person sign in again; False if the account was not locked."""
    _hold(account)
    if account.locked_at is None:
        return False
    account.locked_at = None
    db.session.flush()
    record(Event.ACCOUNT_UNLOCKED, by=by, account=account.public_id, reason=reason)
    return True


def _hold(account: Account) -> None:
    """Lock the row and read it anew: somebody may be signing in, or deciding, at this moment."""
    db.session.scalar(
        select(Account)
        .where(Account.id == account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
