"""Sign-in: one argon2 verification, whoever asks, and little else."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from idp.accounts import passwords, sessions
from idp.accounts.lookup import VISITOR, Credentials
from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.extensions import db

PASSWORD_ONLY = ["pwd"]

# Unlocked and with the hash that was verified, until we commit: a password changed in the meantime
# must end this session too.
STILL = select(Account.id).where(
    Account.id == bindparam("account"),
    Account.password_hash == bindparam("verified"),
    Account.locked_at.is_(None),
)
STILL_SHARED = STILL.with_for_update(read=True)
STILL_OURS = STILL.with_for_update(key_share=True)  # to write a new hash


def settle(account: Credentials | None, *, password: str, matches: bool, at: datetime) -> bool:
    """Start the session, or leave a trace of the failure; tells which."""
    if account is None or not matches or not _is_still(account, password):
        record(Event.SIGN_IN_FAILED, by=VISITOR, account=account.public_id if account else None)
        return False
    finish(account, amr=PASSWORD_ONLY, at=at)
    return True


def finish(account: Credentials, *, amr: list[str], at: datetime) -> str:
    """Sign `account` in on this browser, once all that is asked for was shown: the one way in, by
    password, second factor or passkey. Returns the public id of the session.

    `amr` says how it was shown (RFC 8176).
    """
    session = sessions.start(account, amr=amr, at=at)
    by = Actor("account", account.public_id)
    record(Event.SIGN_IN_SUCCEEDED, by=by, account=account.public_id, session=session)
    return session


def _is_still(account: Credentials, password: str) -> bool:
    """Whether what was verified still holds; an outdated hash is replaced on the way."""
    outdated = passwords.needs_rehash(account.password_hash)
    connection = db.session.connection()
    verified = {"account": account.id, "verified": account.password_hash}
    if connection.scalar(STILL_OURS if outdated else STILL_SHARED, verified) is None:
        return False
    if outdated:
        anew = update(Account).where(Account.id == account.id)
        connection.execute(anew.values(password_hash=passwords.hash_password(password)))
    return True
