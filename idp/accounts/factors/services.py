"""What all second factors share: the first one brings recovery codes, the last one takes them."""

from datetime import datetime

from idp.accounts import locking
from idp.accounts.factors import letters, pending, recovery_codes
from idp.accounts.factors.models import Kind
from idp.accounts.models import Account
from idp.audit import Event, record
from idp.errors import NotAllowed


def hold(account: Account) -> None:
    """Nobody adds or removes a factor of the account beside us until the transaction ends; raises
    `NotAllowed` when it is locked."""
    locking.hold(account)
    if account.locked_at is not None:
        raise NotAllowed


def added(account: Account, kind: Kind, *, at: datetime, name: str = "") -> list[str]:
    """Record and tell a new factor; returns the recovery codes that come with the first one, to be
    shown now or never."""
    record(Event.FACTOR_ADDED, by=account.actor, account=account.public_id, factor=kind.value)
    letters.added(account, kind, at, name)
    return [] if recovery_codes.exist(account) else recovery_codes.make(account, at=at)


def removed(account: Account, kind: Kind, *, at: datetime, name: str = "") -> None:
    """Record and tell it. With the last one the recovery codes go: there is nothing to recover."""
    last = not pending.has_factor(account.id)
    if last:
        recovery_codes.forget(account)
    record(Event.FACTOR_REMOVED, by=account.actor, account=account.public_id, factor=kind.value)
    letters.removed(account, kind, at, name, last=last)
