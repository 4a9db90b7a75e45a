"""A new password, after recovery or by choice: other sessions end, the person is told."""

from datetime import datetime

from sqlalchemy import select, update

from idp.accounts import endings
from idp.accounts.errors import WrongPassword
from idp.accounts.models import Account, BrowserSession, PasswordReset
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.mail import notify


def set_password(
    account: Account,
    password_hash: str,
    *,
    by: Actor,
    at: datetime,
    keep: BrowserSession | None = None,
    verified: str | None = None,
) -> None:
    """Replace the hash, end every session but `keep` with what applications may do, void open reset
    links, tell the person. Raises `WrongPassword` when the hash is no longer the `verified` one.

    The row is locked first: whoever signs in with the old password at this moment has either
    committed a session, which is ended here, or finds that the password is no longer the same.
    """
    lock = select(Account.password_hash).where(Account.id == account.id).with_for_update()
    known = db.session.scalar(lock)
    if verified is not None and verified != known:
        raise WrongPassword
    account.password_hash, account.password_changed_at = password_hash, at
    db.session.flush()
    void_links(account, at=at)
    ended = endings.end_everything(account, at=at, keep=keep)
    record(Event.PASSWORD_CHANGED, by=by, account=account.public_id, sessions_ended=ended)
    notify("password_changed", to=account.recipient, at=at.isoformat(timespec="minutes"))


def void_links(account: Account, *, at: datetime) -> None:
    """Links that set a new password open nothing any more, wherever they were sent."""
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None))
        .values(used_at=at)
    )
