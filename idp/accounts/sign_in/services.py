"""Sign-in: one argon2 verification, whoever asks, and little else."""

from datetime import datetime
from enum import Enum

from sqlalchemy import bindparam, select, update

from idp.accounts import passwords, sessions
from idp.accounts.factors import pending
from idp.accounts.lookup import VISITOR, Credentials
from idp.accounts.models import Account
from idp.accounts.sign_in import known_devices, new_device
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


class Outcome(Enum):
    """What a try to sign in came to."""

    REFUSED = "refused"
    WAITS_FOR_FACTOR = "waits for factor"
    SIGNED_IN = "signed in"


def settle(account: Credentials | None, *, password: str, matches: bool, at: datetime) -> Outcome:
    """Start the session, have the second factor asked for, or leave a trace of the failure."""
    if account is None or not matches or not _is_still(account, password):
        record(Event.SIGN_IN_FAILED, by=VISITOR, account=account.public_id if account else None)
        return Outcome.REFUSED
    if pending.is_needed(account.id, at):
        pending.begin(account, amr=PASSWORD_ONLY, at=at)
        return Outcome.WAITS_FOR_FACTOR
    finish(account, amr=PASSWORD_ONLY, at=at)
    return Outcome.SIGNED_IN


def finish(account: Credentials, *, amr: list[str], at: datetime) -> str:
    """Sign `account` in on this browser, once all that is asked for was shown: the one way in, by
    password, second factor or passkey. Returns the public id of the session.

    `amr` says how it was shown (RFC 8176). The browser is known from now on; if it was not, the
    person is told by mail.
    """
    session = sessions.start(account, amr=amr, at=at)
    by = Actor("account", account.public_id)
    record(Event.SIGN_IN_SUCCEEDED, by=by, account=account.public_id, session=session)
    if not known_devices.note(account.id, at):
        new_device.tell(account.id, at)
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
