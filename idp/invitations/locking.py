"""Invitations as they are now, and stay until the transaction ends.

Whoever waits for several locks them in the order of their ids, so that no two can deadlock.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select

from idp.accounts.models import Account
from idp.extensions import db
from idp.invitations.lookup import get_one, meant_for, whole
from idp.invitations.models import Invitation


def get_locked(public_id: str) -> Invitation:
    """The invitation; raises `NotFound`."""
    return get_one(_locking().where(Invitation.public_id == public_id))


def lock_batch(public_id: str) -> Sequence[Invitation]:
    """All that are answered together with this one, itself included, by whichever link somebody
    comes; raises `NotFound`."""
    named = get_one(whole().where(Invitation.public_id == public_id))
    if named.batch is None:
        return [get_locked(public_id)]
    together = _locking().where(Invitation.batch == named.batch)
    return db.session.scalars(together.order_by(Invitation.id)).all()


def lock_due(at: datetime, limit: int) -> Sequence[Invitation]:
    """Those that lapsed unsettled, the oldest first; what others have locked is passed over."""
    return db.session.scalars(
        _locking(skip_locked=True)
        .where(Invitation.settled_at.is_(None), Invitation.expires_at <= at)
        .order_by(Invitation.expires_at, Invitation.id)
        .limit(limit)
    ).all()


def lock_open_from(account: Account, at: datetime) -> Sequence[Invitation]:
    """Those that `account` sent and nobody answered yet; what others have locked is passed over."""
    return _lock_open(Invitation.inviter_id == account.id, Invitation.expires_at > at)


def lock_open_to(account: Account, at: datetime) -> Sequence[Invitation]:
    """Those that await an answer of `account`, in the same way."""
    return _lock_open(*meant_for(account), Invitation.expires_at > at)


def _lock_open(*conditions: ColumnElement[bool]) -> Sequence[Invitation]:
    found = _locking(skip_locked=True).where(*conditions, Invitation.settled_at.is_(None))
    return db.session.scalars(found.order_by(Invitation.id)).all()


def _locking(*, skip_locked: bool = False) -> Select[Invitation]:
    return (
        whole()
        .with_for_update(of=Invitation, skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )
