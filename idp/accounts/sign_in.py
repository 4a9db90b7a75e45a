"""Sign-in: one argon2 verification, whoever asks.

Three steps, so that no database connection waits while a password is hashed: `look_up` and the
verification stand before the transaction, `settle` inside it.
"""

from datetime import datetime

from sqlalchemy import select

from idp.accounts import passwords, sessions
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account, BrowserSession
from idp.audit import Event, record
from idp.extensions import db

PASSWORD_ONLY = ["pwd"]


def settle(
    account: Account | None, *, password: str, matches: bool, at: datetime
) -> BrowserSession | None:
    """Start the session, or leave a trace of the failure and return None."""
    if account is None or not matches or not _is_still(account, password):
        record(Event.SIGN_IN_FAILED, by=VISITOR, account=account.public_id if account else None)
        return None
    browser_session = sessions.start(account, amr=PASSWORD_ONLY, at=at)
    record(
        Event.SIGN_IN_SUCCEEDED,
        by=account.actor,
        account=account.public_id,
        session=browser_session.public_id,
    )
    return browser_session


def _is_still(account: Account, password: str) -> bool:
    """Whether the account is unlocked and has the hash that was verified, and stays so until we
    commit: a password changed in the meantime must end this session too. An outdated hash is
    replaced on the way."""
    outdated = passwords.needs_rehash(account.password_hash)
    unchanged = db.session.scalar(
        select(Account.id)
        .where(
            Account.id == account.id,
            Account.password_hash == account.password_hash,
            Account.locked_at.is_(None),
        )
        .with_for_update(read=not outdated, key_share=outdated)
    )
    if unchanged is not None and outdated:
        account.password_hash = passwords.hash_password(password)
    return unchanged is not None
