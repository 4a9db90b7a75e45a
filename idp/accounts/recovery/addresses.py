"""Which addresses an account may take."""

from datetime import datetime

from flask import current_app
from sqlalchemy import exists, func, or_, select

from idp.accounts.models import Account
from idp.accounts.recovery.errors import EmailTaken
from idp.accounts.recovery.models import EmailChange
from idp.accounts.recovery.rules import is_address_unique
from idp.extensions import db
from idp.mail import Recipient


def check_free(email: str, *, account: Account | None, at: datetime) -> None:
    """Raises `EmailTaken` where people sign in by address alone and another account than this
    (None: than one that is about to be opened) has it, or may still go back to it by undoing a
    change.

    The address is held until the transaction ends: of two accounts at once one gets it.
    """
    if not is_address_unique(current_app.config["PROFILE"]):
        return
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(email, 0))))
    own = account.id if account else None
    in_use = exists().where(Account.email == email, Account.id.is_distinct_from(own))
    kept = exists().where(
        EmailChange.old_email == email,
        EmailChange.account_id.is_distinct_from(own),
        EmailChange.confirmed_at.is_not(None),
        EmailChange.undone_at.is_(None),
        EmailChange.undo_until > at,
    )
    if db.session.scalar(select(or_(in_use, kept))):
        raise EmailTaken


def recipients(account: Account, *, at: datetime) -> list[Recipient]:
    """Everybody who may have a word on the account: its address, and those that it had until a
    little while ago, once each."""
    kept = select(EmailChange.old_email).where(
        EmailChange.account_id == account.id,
        EmailChange.confirmed_at.is_not(None),
        EmailChange.undone_at.is_(None),
        EmailChange.undo_until > at,
    )
    known = dict.fromkeys([account.email, *db.session.scalars(kept.order_by(EmailChange.id))])
    return [Recipient(account.name, each, account.locale) for each in known]
