"""A forgotten password: a link to set a new one goes to the address on record, and nowhere else."""

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
from idp.mail.addresses import hinted
from idp.taxids import TaxId

PURPOSE = "reset"


def request_reset(*, tax_id: TaxId, email: str, at: datetime) -> None:
    """Send a link to the address on record, if it is the one that was typed."""
    account = find_by_tax_id(tax_id)
    _send_if(account is not None and account.email == email, account, at)


def request_by_fact(*, tax_id: TaxId, is_proven: bool, at: datetime) -> str:
    """Send a link to the address on record of whoever knows a fact of the contract.

    Returns that address, masked; empty when nothing was sent, whatever the reason.
    """
    account = find_by_tax_id(tax_id)
    sent = _send_if(is_proven, account, at)
    return hinted(account.email) if account is not None and sent else ""


def issue(account: Account, *, at: datetime) -> str:
    """Send a link to the address on record; returns its token."""
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
    return signing.sign(PURPOSE, reset.public_id)


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


def _send_if(is_known: bool, account: Account | None, at: datetime) -> bool:
    """Send the link or do its work in vain, and leave a trace; tells which."""
    sent = is_known and account is not None and account.locked_at is None
    if account is not None and sent:
        issue(account, at=at)
    else:
        pretend()
    record(
        Event.PASSWORD_RESET_REQUESTED,
        by=VISITOR,
        account=account.public_id if account else None,
        sent=sent,
    )
    return sent


def _get(token: str, *, lock: bool) -> PasswordReset:
    reference = signing.unsign(PURPOSE, token)
    query = select(PasswordReset).where(PasswordReset.public_id == (reference or ""))
    if lock:
        query = query.with_for_update()
    reset = db.session.scalar(query.execution_options(populate_existing=True))
    if reset is None:
        raise LinkInvalid
    return reset
