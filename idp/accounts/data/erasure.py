"""Erase an account: by its person, or by staff for somebody who asks. It can't be undone.

The row stays, locked for good, because grants, papers and the trail refer to it. What told who it
was and how to reach them goes; name and tax id stay for as long as a paper or a grant needs them,
where nothing finds the account by them: its tax id is free for a new one.
"""

from datetime import datetime

from sqlalchemy import delete, select, update

from idp.accounts import endings, locking
from idp.accounts.factors import services as factors
from idp.accounts.models import Account, BrowserSession, PasswordReset, Registration
from idp.accounts.signals import account_erased
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.mail import Priority, notify


def erase(
    account: Account, *, by: Actor, at: datetime, reason: str = "", confirmation: str = ""
) -> bool:
    """End all that was done in its name and forget the person; False when it was erased before.

    `reason` and `confirmation` are what staff typed, for the record. The account's row is locked
    first; of what others lock before an account, only what is free is taken: whoever holds the
    rest waits for this row, and then finds the account erased.
    """
    locking.hold(account)
    if account.erased_at is not None:
        return False
    account.locked_at = account.locked_at or at
    ended = endings.end_everything(account, at=at)
    answers = account_erased.send(None, account=account, by=by, at=at, reason=reason)
    is_named = any(names_them for _receiver, names_them in answers)
    _say_goodbye(account, by)
    _forget_traces(account)
    _forget(account, is_named=is_named, at=at)
    record(
        Event.ACCOUNT_ERASED,
        by=by,
        account=account.public_id,
        sessions=ended,
        confirmation=confirmation or None,
        **({"reason": reason} if reason else {}),
    )
    return True


def _say_goodbye(account: Account, by: Actor) -> None:
    """The last mail, while there is an address."""
    notify(
        "account_erased",
        to=account.recipient,
        priority=Priority.NOTICE,
        by_staff=by.kind == "staff",
    )


def _forget_traces(account: Account) -> None:
    """What the browsers left, second factors, links, and forms filled in for this tax id."""
    traces = update(BrowserSession).where(BrowserSession.account_id == account.id)
    db.session.execute(traces.values(user_agent="", address=None))
    db.session.execute(delete(PasswordReset).where(PasswordReset.account_id == account.id))
    factors.forget(account)
    forms = select(Registration.id).where(Registration.tax_id == account.tax_id)
    free = forms.with_for_update(skip_locked=True)
    db.session.execute(delete(Registration).where(Registration.id.in_(free)))


def _forget(account: Account, *, is_named: bool, at: datetime) -> None:
    account.erased_at = at
    account.former_tax_id = account.tax_id if is_named else None
    account.tax_id = None  # type: ignore[assignment] # of erased accounts alone
    account.name = account.name if is_named else account.public_id
    account.email = account.landline = account.mobile = account.password_hash = ""
    db.session.flush()
