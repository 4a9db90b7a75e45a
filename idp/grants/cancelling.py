"""What happens to grants when an account is locked or erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select

from idp.accounts.models import Account
from idp.accounts.signals import account_erased
from idp.audit import Actor
from idp.extensions import db
from idp.grants.endings import end, locking
from idp.grants.models import Grant, State


def subscribe() -> None:
    """Hear of every account that is erased."""
    account_erased.connect(on_erased)


def on_erased(_sender: Any, *, account: Account, by: Actor, at: datetime, reason: str) -> bool:
    """Cancel what it gave and received; whether any grant, ended ones too, names the person."""
    cancel_all_of(account, by=by, at=at, reason=reason)
    theirs = or_(Grant.granted_by_id == account.id, Grant.grantee_id == account.id)
    return bool(db.session.scalar(select(exists().where(theirs))))


def cancel_all_of(account: Account, *, by: Actor, at: datetime, reason: str = "") -> int:
    """End every grant that `account` gave or received, for good; returns how many there were.

    The caller has locked or erased the account, in the same transaction.
    """
    grants = db.session.scalars(
        locking()
        .where(
            Grant.state == State.ACTIVE,
            (Grant.granted_by_id == account.id) | (Grant.grantee_id == account.id),
        )
        .order_by(Grant.id)
    ).all()
    return sum(end(grant, State.CANCELLED, by=by, at=at, reason=reason) for grant in grants)
