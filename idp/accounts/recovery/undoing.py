"""The old address has the last word on a change, for a week after it was confirmed.

Who changed the address knew the password, so undoing ends every session and voids the password
too. A second factor stays: whoever reads the old mailbox still has to show it. Of several changes
the oldest that is undone wins: those after it go with it, and their links with them.
"""

from datetime import datetime

from sqlalchemy import update

from idp.accounts import endings
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.accounts.passwords.services import void_links
from idp.accounts.recovery import addresses, email_changes, letters, resets
from idp.accounts.recovery.models import EmailChange
from idp.accounts.recovery.rules import check_undoable
from idp.audit import Event, record
from idp.extensions import db

PURPOSE = "email_undo"


def get_undoable(token: str, *, at: datetime) -> EmailChange:
    """What the link would undo; raises `LinkInvalid`, `LinkUsed` or `LinkExpired`."""
    change = email_changes.get(PURPOSE, token)
    check_undoable(change, at)
    return change


def undo(token: str, *, at: datetime) -> str:
    """Put the old address back, once, and shut everybody out until a new password is set.

    Returns the token of the link that sets it, which the old address gets as well. Raises what
    `get_undoable` raises, and `EmailTaken`.
    """
    change = email_changes.get_held(PURPOSE, token)
    check_undoable(change, at)
    account = change.account
    addresses.check_free(change.old_email, account=account, at=at)
    lost, account.email = account.email, change.old_email
    account.password_hash = ""  # nobody's, until a new one is set
    _undo_from(change, account, at)
    void_links(account, at=at)
    ended = endings.end_everything(account, at=at)
    record(
        Event.EMAIL_CHANGE_UNDONE,
        by=VISITOR,
        account=account.public_id,
        change=change.public_id,
        sessions_ended=ended,
    )
    if lost != account.email:
        letters.email_change_undone(account, lost)
    return resets.issue(account, at=at)


def _undo_from(change: EmailChange, account: Account, at: datetime) -> None:
    """This change and those after it, whether or not they were confirmed."""
    db.session.flush()
    db.session.execute(
        update(EmailChange)
        .where(
            EmailChange.account_id == account.id,
            EmailChange.id >= change.id,
            EmailChange.undone_at.is_(None),
        )
        .values(undone_at=at)
    )
