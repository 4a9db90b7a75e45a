"""A change of address: asked for, confirmed at the new address, told to both.

Until it is confirmed the address on record stays the old one, and so does whatever is sent there.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import select, update

from idp import signing
from idp.accounts import locking
from idp.accounts.errors import LinkInvalid
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.accounts.passwords.services import void_links
from idp.accounts.recovery import addresses, letters
from idp.accounts.recovery.errors import SameEmail
from idp.accounts.recovery.models import EmailChange, Origin
from idp.accounts.recovery.rules import check_confirmable, is_open
from idp.accounts.signals import account_erased, everything_ended
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import public_id

PURPOSE = "email_confirmation"


class Caller(NamedTuple):
    """Whom staff spoke to."""

    name: str
    phone: str


NOBODY = Caller("", "")


def ask(
    account: Account,
    new_email: str,
    *,
    origin: Origin,
    by: Actor,
    at: datetime,
    caller: Caller = NOBODY,
    **said: str,
) -> EmailChange:
    """Send a link to the new address and a warning to the old one; ends what was open before.

    What staff enter waits `EMAIL_CORRECTION_SECONDS` before it can be confirmed. `said` goes into
    the trail. Raises `SameEmail`.
    """
    locking.hold(account)
    if new_email == account.email:
        raise SameEmail
    _end_open(account, at)
    change = _add(account, new_email, origin, caller, at)
    letters.email_invited(change)
    letters.email_requested(change)
    _record(Event.EMAIL_CHANGE_REQUESTED, change, by, origin=origin.value, sent=True, **said)
    return change


def find_open(account: Account, *, at: datetime) -> EmailChange | None:
    """The change that awaits its confirmation."""
    found = db.session.scalar(
        select(EmailChange).where(
            EmailChange.account_id == account.id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
        )
    )
    return found if found is not None and is_open(found, at) else None


def resend(account: Account, *, at: datetime) -> None:
    """Send the link of the open change again, if there is one."""
    locking.hold(account)
    change = find_open(account, at=at)
    if change is not None:
        letters.email_invited(change)


def cancel(account: Account, *, at: datetime) -> None:
    """Give the open change up, if there is one."""
    locking.hold(account)
    change = find_open(account, at=at)
    if change is not None:
        change.ended_at = at
        _record(Event.EMAIL_CHANGE_CANCELLED, change, account.actor)
        db.session.flush()


def get_confirmable(token: str, *, at: datetime) -> EmailChange:
    """What the link would confirm; raises `LinkInvalid` and what `check_confirmable` raises."""
    change = get(PURPOSE, token)
    check_confirmable(change, at)
    return change


def confirm(token: str, *, at: datetime) -> None:
    """Make the new address that of the account, once; links that the old one got to set a password
    are void. Raises what `get_confirmable` raises, and `EmailTaken`."""
    change = get_held(PURPOSE, token)
    check_confirmable(change, at)
    account = change.account
    addresses.check_free(change.new_email, account=account, at=at)
    account.email = change.new_email
    change.confirmed_at = at
    change.undo_until = at + timedelta(seconds=current_app.config["EMAIL_UNDO_SECONDS"])
    void_links(account, at=at)
    _record(Event.EMAIL_CHANGED, change, VISITOR, origin=change.origin.value)
    letters.email_changed(change)
    db.session.flush()


def get(purpose: str, token: str, *, lock: bool = False) -> EmailChange:
    """The change that a link with this purpose names; raises `LinkInvalid`."""
    reference = signing.unsign(purpose, token)
    query = select(EmailChange).where(EmailChange.public_id == (reference or ""))
    if lock:
        query = query.with_for_update(of=EmailChange)
    change = db.session.scalar(query.execution_options(populate_existing=True))
    if change is None:
        raise LinkInvalid
    return change


def get_held(purpose: str, token: str) -> EmailChange:
    """The same, with its account and itself locked, in this order as everywhere."""
    locking.hold(get(purpose, token).account)
    return get(purpose, token, lock=True)


@everything_ended.connect
def give_up(_sender: Any, *, account: Account, at: datetime, **_kwargs: Any) -> None:
    """Somebody else may have asked for what is open."""
    _end_open(account, at)


@account_erased.connect
def forget(_sender: Any, *, account: Account, **_kwargs: Any) -> bool:
    """Addresses go with the account; nothing here needs its name."""
    for change in db.session.scalars(select(EmailChange).filter_by(account_id=account.id)):
        db.session.delete(change)
    db.session.flush()
    return False


def _add(
    account: Account, new_email: str, origin: Origin, caller: Caller, at: datetime
) -> EmailChange:
    waiting = current_app.config["EMAIL_CORRECTION_SECONDS"] if origin is Origin.STAFF else 0
    opens_at = at + timedelta(seconds=waiting)
    expires_at = opens_at + timedelta(seconds=current_app.config["EMAIL_CHANGE_LIFE_SECONDS"])
    change = EmailChange(
        public_id=public_id("e"),
        account=account,
        origin=origin,
        old_email=account.email,
        new_email=new_email,
        caller_name=caller.name,
        caller_phone=caller.phone,
        created_at=at,
        opens_at=opens_at,
        expires_at=expires_at,
        undo_until=expires_at,
    )
    db.session.add(change)
    db.session.flush()
    return change


def _record(event: Event, change: EmailChange, by: Actor, **said: Any) -> None:
    account, reference = change.account.public_id, change.public_id
    record(event, by=by, account=account, change=reference, **said)


def _end_open(account: Account, at: datetime) -> None:
    db.session.execute(
        update(EmailChange)
        .where(
            EmailChange.account_id == account.id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
        )
        .values(ended_at=at)
    )
