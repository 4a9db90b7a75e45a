"""Recovery with a known e-mail address: tax id and address, then a link."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from idp import signing
from idp.accounts import locking
from idp.accounts.errors import LinkInvalid
from idp.accounts.lookup import VISITOR, find_by_tax_id
from idp.accounts.models import Account, PasswordReset
from idp.accounts.passwords.services import set_password
from idp.accounts.rules import check_usable
from idp.audit import Event, record
from idp.extensions import db
from idp.identifiers import public_id
from idp.mail import Priority, notify, pretend
from idp.taxids import TaxId

PURPOSE = "reset"


def request_reset(*, tax_id: TaxId, email: str, at: datetime) -> None:
    """Send a link to the address on record, if it is the one that was typed."""
    account = find_by_tax_id(tax_id)
    matches = account is not None and account.email == email and account.locked_at is None
    if account is not None and matches:
        _send(account, at)
    else:
        pretend()
    record(
        Event.PASSWORD_RESET_REQUESTED,
        by=VISITOR,
        account=account.public_id if account else None,
        sent=matches,
    )


def get_usable(token: str, *, at: datetime) -> PasswordReset:
    """What the link is for; raises `LinkInvalid`, `LinkUsed` or `LinkExpired`."""
    reset = _get(token, lock=False)
    check_usable(reset, at)
    return reset


def reset_password(token: str, *, password_hash: str, at: datetime) -> None:
    """Set the password, once; raises what `get_usable` raises. Signs nobody in."""
    locking.hold(_get(token, lock=False).account)  # before its links, as everywhere
    reset = _get(token, lock=True)
    check_usable(reset, at)
    set_password(reset.account, password_hash, by=VISITOR, at=at)


def _send(account: Account, at: datetime) -> None:
    life = current_app.config["RESET_LIFE_SECONDS"]
    reset = PasswordReset(
        public_id=public_id("p"),
        account_id=account.id,
        created_at=at,
        expires_at=at + timedelta(seconds=life),
    )
    db.session.add(reset)
    db.session.flush()
    notify(
        "account_reset",
        to=account.recipient,
        priority=Priority.WAITING,
        reset=reset.public_id,
        hours=max(1, life // 3600),
    )


def _get(token: str, *, lock: bool) -> PasswordReset:
    reference = signing.unsign(PURPOSE, token)
    query = select(PasswordReset).where(PasswordReset.public_id == (reference or ""))
    if lock:
        query = query.with_for_update()
    reset = db.session.scalar(query.execution_options(populate_existing=True))
    if reset is None:
        raise LinkInvalid
    return reset
