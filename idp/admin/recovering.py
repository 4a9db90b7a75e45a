"""What staff do for people who lost their address or their second factor.

Neither takes effect before a day has passed, and every address that the person has or had lately is
told at once and can stop it: nobody is handed an account over the telephone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from idp import clock
from idp.accounts.factors import pending
from idp.accounts.models import Account
from idp.accounts.recovery import email_changes, factor_removals
from idp.accounts.recovery.email_changes import Caller
from idp.accounts.recovery.models import Origin
from idp.admin import reading, sessions
from idp.admin.errors import AddressOfStaff
from idp.admin.models import StaffMember
from idp.extensions import db


def correct_email(
    public_id: str, new_email: str, *, caller: Caller, checked: str, reason: str
) -> None:
    """Send a link to the new address, good from tomorrow on; raises `AddressOfStaff` and what
    `email_changes.ask` raises."""
    by, at = sessions.current_member().actor, clock.now()
    if db.session.scalar(select(exists().where(StaffMember.email == new_email))):
        raise AddressOfStaff
    email_changes.ask(
        reading.get_account(public_id),
        new_email,
        origin=Origin.STAFF,
        by=by,
        at=at,
        caller=caller,
        checked=checked,
        reason=reason,
    )


def remove_factors(public_id: str, *, checked: str, reason: str) -> None:
    """Have them removed after the waiting time; raises what `factor_removals.request` raises."""
    by, at = sessions.current_member().actor, clock.now()
    account = reading.get_account(public_id)
    factor_removals.request(account, by=by, at=at, checked=checked, reason=reason)


def standing_of(account: Account, *, at: datetime) -> dict[str, Any]:
    """What of both is under way, for the account's page."""
    return {
        "email_change": email_changes.find_open(account, at=at),
        "has_factor": pending.has_factor(account.id),
        "removal": factor_removals.find_waiting(account),
    }
