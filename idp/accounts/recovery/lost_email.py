"""The password is known, the address can't be read any more: tax id and password, then a change.

Every answer is the same, but to somebody who knows the password of an account with a second factor:
that factor is asked for first, as at sign-in, and the change goes on from the account page.
"""

from datetime import datetime

from sqlalchemy import select

from idp.accounts.factors import pending
from idp.accounts.lookup import VISITOR, Credentials
from idp.accounts.models import Account
from idp.accounts.recovery import email_changes
from idp.accounts.recovery.models import Origin
from idp.audit import Event, record
from idp.extensions import db
from idp.mail import pretend

PASSWORD = ["pwd"]


def settle(credentials: Credentials | None, *, matches: bool, new_email: str, at: datetime) -> bool:
    """Begin the change if the password was right; True when the second factor is needed first."""
    account = _still(credentials) if credentials is not None and matches else None
    if account is not None and credentials is not None and pending.has_factor(account.id):
        pending.begin(credentials, amr=PASSWORD, at=at)
        return True
    if account is None or account.email == new_email:
        _refuse(credentials)
    else:
        email_changes.ask(account, new_email, origin=Origin.RECOVERY, by=VISITOR, at=at)
    return False


def _refuse(credentials: Credentials | None) -> None:
    """The work of two mails and a trace."""
    pretend()
    pretend()
    record(
        Event.EMAIL_CHANGE_REQUESTED,
        by=VISITOR,
        account=credentials.public_id if credentials else None,
        origin=Origin.RECOVERY.value,
        sent=False,
    )


def _still(credentials: Credentials) -> Account | None:
    """The account, unless it was locked or its password changed since it was verified."""
    return db.session.scalar(
        select(Account)
        .where(
            Account.id == credentials.id,
            Account.password_hash == credentials.password_hash,
            Account.locked_at.is_(None),
        )
        .with_for_update(key_share=True)
    )
