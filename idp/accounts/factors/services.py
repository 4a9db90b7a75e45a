"""What all second factors share: the first one brings recovery codes, the last one takes them."""

from datetime import datetime

from sqlalchemy import delete

from idp.accounts import locking
from idp.accounts.factors import letters, pending, recovery_codes
from idp.accounts.factors.models import Kind, Passkey, PasskeyChallenge, TotpFactor
from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.errors import NotAllowed, NotFound
from idp.extensions import db


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


def renew_codes(account: Account, *, at: datetime) -> list[str]:
    """Ten new recovery codes, of which the person is told; raises `NotFound` without a factor."""
    hold(account)
    if not pending.has_factor(account.id):
        raise NotFound
    letters.codes_renewed(account, at)
    return recovery_codes.make(account, at=at)


def remove_all(account: Account, *, by: Actor, at: datetime) -> None:
    """Leave the account with its password alone; whoever calls this tells the person.

    Its waiting sign-ins go too.
    """
    pending.forget(None, account=account, at=at)
    for kind in _delete(account):
        record(Event.FACTOR_REMOVED, by=by, account=account.public_id, factor=kind.value)


def forget(account: Account) -> None:
    """The account is erased: nothing of this is of use any longer."""
    _delete(account)


def _delete(account: Account) -> list[Kind]:
    """The kind of each factor that there was."""
    apps = delete(TotpFactor).where(TotpFactor.account_id == account.id)
    keys = delete(Passkey).where(Passkey.account_id == account.id)
    asked = delete(PasskeyChallenge).where(PasskeyChallenge.account_id == account.id)
    gone = [Kind.APP for _ in db.session.scalars(apps.returning(TotpFactor.id))]
    gone += [Kind.PASSKEY for _ in db.session.scalars(keys.returning(Passkey.id))]
    db.session.execute(asked)
    recovery_codes.forget(account)
    return gone
