"""Mails about second factors: every change is told, and every code that was used up.

They go to the addresses of the last week too: whoever just took an account over and changed its
address must not be the only one to hear of a new factor.
"""

from datetime import datetime

from idp.accounts.factors.models import Kind
from idp.accounts.factors.rules import FEW_CODES
from idp.accounts.models import Account
from idp.accounts.recovery import addresses
from idp.mail import Priority, notify


def added(account: Account, kind: Kind, at: datetime, name: str = "") -> None:
    """There is one more; `name` is that of a passkey."""
    _tell("factor_added", account, at, kind=kind.value, name=name)


def removed(account: Account, kind: Kind, at: datetime, name: str = "", *, last: bool) -> None:
    """There is one less; after the `last` the password is enough again."""
    _tell("factor_removed", account, at, kind=kind.value, name=name, last=last)


def codes_renewed(account: Account, at: datetime) -> None:
    """Those on paper no longer work."""
    _tell("factor_codes_renewed", account, at)


def code_used(account: Account, at: datetime, left: int) -> None:
    """One was used, and so many are left."""
    _tell("factor_code_used", account, at, left=left, few=left <= FEW_CODES)


def _tell(template: str, account: Account, at: datetime, **context: object) -> None:
    for recipient in addresses.recipients(account, at=at):
        notify(
            template,
            to=recipient,
            priority=Priority.NOTICE,
            at=at.isoformat(timespec="minutes"),
            **context,
        )
