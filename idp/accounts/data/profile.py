"""What a person may change of what is on record by themselves: telephone numbers and language."""

from datetime import datetime

from idp.accounts.models import Account
from idp.audit import Event, record
from idp.extensions import db
from idp.mail import notify

SHOWN = 2  # digits of a masked number


def change_phones(account: Account, *, mobile: str, landline: str, at: datetime) -> list[str]:
    """Put both numbers on record (digits, `+` in front when typed; empty: none), and tell the
    person what they are now; returns the names of the fields that changed.

    The trail keeps the names alone: it outlives the account.
    """
    before = {"mobile": account.mobile, "landline": account.landline}
    after = {"mobile": mobile, "landline": landline}
    changed = [name for name, number in after.items() if number != before[name]]
    if changed:
        account.mobile, account.landline = mobile, landline
        db.session.flush()
        _record(account, changed)
        notify(
            "data_phones_changed",
            to=account.recipient,
            at=at.isoformat(),
            numbers={name: masked(after[name]) for name in changed},
        )
    return changed


def change_language(account: Account, locale: str) -> bool:
    """Write to the person in this language (a tag) from now on; tells whether that is news."""
    if account.locale == locale:
        return False
    account.locale = locale
    db.session.flush()
    _record(account, ["locale"])
    return True


def masked(number: str) -> str:
    """Enough to recognise one's own: `•••• 88`; empty: none."""
    return f"•••• {number[-SHOWN:]}" if number else ""


def _record(account: Account, fields: list[str]) -> None:
    record(Event.PROFILE_CHANGED, by=account.actor, account=account.public_id, fields=fields)
