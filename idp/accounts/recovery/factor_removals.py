"""A lost second factor, when no recovery code is left: staff take it away after a waiting time.

Whoever talked a member of staff into it has lost when the person reads one of the mails in time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from idp import signing
from idp.accounts import endings, locking
from idp.accounts.errors import LinkInvalid
from idp.accounts.factors import pending
from idp.accounts.factors import services as factors
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.accounts.recovery import letters
from idp.accounts.recovery.errors import NoFactor, RemovalWaits
from idp.accounts.recovery.models import FactorRemoval
from idp.accounts.recovery.rules import check_cancellable
from idp.accounts.signals import account_erased
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import public_id

PURPOSE = "factor_removal"


def request(
    account: Account,
    *,
    by: Actor,
    at: datetime,
    checked: str,
    reason: str,
    documents: Sequence[str] = (),
) -> FactorRemoval:
    """Have the factors removed after `FACTOR_REMOVAL_SECONDS`, and tell the person everywhere.

    What was `checked`, why, and the ids of the `documents` that were kept go into the trail.
    Raises `NoFactor` or `RemovalWaits`.
    """
    locking.hold(account)
    if not pending.has_factor(account.id):
        raise NoFactor
    if find_waiting(account) is not None:
        raise RemovalWaits
    removal = FactorRemoval(
        public_id=public_id("f"),
        account=account,
        requested_by=by.reference,
        created_at=at,
        due_at=at + timedelta(seconds=current_app.config["FACTOR_REMOVAL_SECONDS"]),
    )
    db.session.add(removal)
    db.session.flush()
    record(
        Event.FACTOR_REMOVAL_REQUESTED,
        by=by,
        account=account.public_id,
        removal=removal.public_id,
        checked=checked,
        documents=list(documents) or None,
        reason=reason,
    )
    letters.factors_going(removal, at)
    return removal


def find_waiting(account: Account) -> FactorRemoval | None:
    """The removal that nobody has objected to yet."""
    return db.session.scalar(
        select(FactorRemoval).where(
            FactorRemoval.account_id == account.id,
            FactorRemoval.done_at.is_(None),
            FactorRemoval.cancelled_at.is_(None),
        )
    )


def get_cancellable(token: str, *, at: datetime) -> FactorRemoval:
    """What the link would stop; raises `LinkInvalid`, `LinkUsed` or `LinkExpired`."""
    removal = _get(token, lock=False)
    check_cancellable(removal, at)
    return removal


def cancel(token: str, *, at: datetime) -> None:
    """Keep the factors; raises what `get_cancellable` raises."""
    locking.hold(_get(token, lock=False).account)
    removal = _get(token, lock=True)
    check_cancellable(removal, at)
    removal.cancelled_at = at
    record(
        Event.FACTOR_REMOVAL_CANCELLED,
        by=VISITOR,
        account=removal.account.public_id,
        removal=removal.public_id,
    )
    db.session.flush()


def carry_out_due(at: datetime) -> int:
    """Remove the factors of one account whose time has come; returns how many removals that was."""
    waiting = select(FactorRemoval).where(
        FactorRemoval.done_at.is_(None), FactorRemoval.cancelled_at.is_(None)
    )
    due = db.session.scalar(waiting.where(FactorRemoval.due_at <= at).limit(1))
    if due is None:
        return 0
    locking.hold(due.account)
    removal = db.session.scalar(
        waiting.where(FactorRemoval.id == due.id)
        .with_for_update(of=FactorRemoval)
        .execution_options(populate_existing=True)
    )
    if removal is not None:
        _carry_out(removal, at)
    return 1


@account_erased.connect
def forget(_sender: Any, *, account: Account, **_kwargs: Any) -> bool:
    """Nothing is left to remove; nothing here needs the account's name."""
    db.session.execute(delete(FactorRemoval).where(FactorRemoval.account_id == account.id))
    return False


def _carry_out(removal: FactorRemoval, at: datetime) -> None:
    account, by = removal.account, Actor("staff", removal.requested_by)
    factors.remove_all(account, by=by, at=at)
    removal.done_at = at
    endings.end_everything(account, at=at)
    record(
        Event.FACTOR_REMOVAL_DONE,
        by=by,
        account=removal.account.public_id,
        removal=removal.public_id,
    )
    letters.factors_gone(removal, at)
    db.session.flush()


def _get(token: str, *, lock: bool) -> FactorRemoval:
    reference = signing.unsign(PURPOSE, token)
    query = select(FactorRemoval).where(FactorRemoval.public_id == (reference or ""))
    if lock:
        query = query.with_for_update(of=FactorRemoval)
    removal = db.session.scalar(query.execution_options(populate_existing=True))
    if removal is None:
        raise LinkInvalid
    return removal
