"""Lock an account, and let it in again: by staff, with a reason on record.

A locked account has no session, gets no new one, and nothing that it gave or received is
effective. What applications held in its name ends for good. Its grants are a matter of
`grants.cancelling.cancel_all_of`, in the same transaction.
"""

from datetime import datetime

from sqlalchemy import select

from idp.accounts import endings
from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.errors import NotAllowed
from idp.extensions import db


def lock(account: Account, *, by: Actor, at: datetime, reason: str) -> bool:
    """Lock it and end its sessions; False when it was locked before."""
    hold(account)
    if account.locked_at is not None:
        return False
    account.locked_at = at
    ended = endings.end_everything(account, at=at)
    record(Event.ACCOUNT_LOCKED, by=by, account=account.public_id, reason=reason, sessions=ended)
    return True


def unlock(account: Account, *, by: Actor, at: datetime, reason: str) -> bool:
    """Let it sign in again; False when it was not locked, or was erased."""
    hold(account)
    if account.locked_at is None or account.erased_at is not None:
        return False
    days = (at - account.locked_at).days
    account.locked_at = None
    record(Event.ACCOUNT_UNLOCKED, by=by, account=account.public_id, reason=reason, days=days)
    return True


def hold(account: Account) -> None:
    """Keep the row to ourselves until the transaction ends, and see it as it is now.

    Rows that only refer to the account (`FOR KEY SHARE`) need not wait: who locks it would
    otherwise deadlock with whoever writes a grant of theirs.
    """
    db.session.flush()
    db.session.scalar(
        select(Account)
        .where(Account.id == account.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def check_unlocked(account: Account) -> None:
    """Nobody locks or erases it before the transaction ends; raises `NotAllowed` when it was."""
    query = select(Account.locked_at).where(Account.id == account.id).with_for_update(read=True)
    if db.session.scalar(query) is not None:
        raise NotAllowed
