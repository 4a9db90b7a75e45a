"""What happens to invitations when the account of either side is erased."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select

from idp.accounts.models import Account
from idp.accounts.signals import account_erased
from idp.audit import Actor
from idp.extensions import db
from idp.invitations import letters, locking
from idp.invitations.models import Decision, Invitation, InvitationDraft
from idp.invitations.settling import settle


def subscribe() -> None:
    """Hear of every account that is erased."""
    account_erased.connect(on_erased)


def on_erased(_sender: Any, *, account: Account, by: Actor, at: datetime, reason: str) -> bool:
    """Take back what it offered, decline what it was offered, and tell the other side, one mail for
    each link; forget its drafts. Whether any invitation was ever sent in its name.

    One that is answered or sent this moment is locked, and passed over: whoever does that waits for
    the account, and is then refused.
    """
    drafts = select(InvitationDraft.id).where(InvitationDraft.account_id == account.id)
    free = drafts.with_for_update(skip_locked=True)
    db.session.execute(delete(InvitationDraft).where(InvitationDraft.id.in_(free)))
    for together in _batches(locking.lock_open_from(account, at)):
        for each in together:
            settle(each, Decision.CANCELLED, by=by, at=at, reason=reason)
        letters.cancelled(together[0])
    for together in _batches(locking.lock_open_to(account, at)):
        for each in together:
            settle(each, Decision.DECLINED, by=by, at=at, reason=reason)
        letters.declined(together)
    return bool(db.session.scalar(select(exists().where(Invitation.inviter_id == account.id))))


def _batches(invitations: Iterable[Invitation]) -> Iterator[list[Invitation]]:
    """Those under one link, together."""
    found: dict[str | int, list[Invitation]] = {}
    for each in invitations:
        found.setdefault(each.batch or each.id, []).append(each)
    yield from found.values()
