"""Changes of addresses and removals of second factors, made without a page."""

from datetime import datetime, timedelta
from typing import Any

from idp import clock, signing
from idp.accounts.factors.models import TotpFactor
from idp.accounts.models import Account
from idp.accounts.recovery import email_changes, factor_removals, undoing
from idp.accounts.recovery.models import EmailChange, FactorRemoval, Origin
from idp.extensions import db
from idp.identifiers import public_id

NEW = "maria.nova@example.org"


def an_email_change(
    account: Account, new_email: str = NEW, at: datetime | None = None, **overrides: Any
) -> EmailChange:
    """One that awaits its confirmation, committed."""
    at = at or clock.now()
    values = {
        "public_id": public_id("e"),
        "account_id": account.id,
        "origin": Origin.ACCOUNT,
        "old_email": account.email,
        "new_email": new_email,
        "caller_name": "",
        "caller_phone": "",
        "created_at": at,
        "opens_at": at,
        "expires_at": at + timedelta(days=1),
        "undo_until": at + timedelta(days=1),
        "confirmed_at": None,
        "ended_at": None,
        "undone_at": None,
    }
    change = EmailChange(**{**values, **overrides})
    db.session.add(change)
    db.session.commit()
    return change


def a_confirmed_change(
    account: Account, new_email: str = NEW, at: datetime | None = None, **overrides: Any
) -> EmailChange:
    """One that took effect at `at`, committed."""
    at = at or clock.now()
    values = {"confirmed_at": at, "undo_until": at + timedelta(days=7)}
    change = an_email_change(account, new_email, at, **{**values, **overrides})
    account.email = new_email
    db.session.commit()
    return change


def confirmation_path(change: EmailChange) -> str:
    """Where the link to the new address leads."""
    return f"/email/confirmation/{signing.sign(email_changes.PURPOSE, change.public_id)}"


def undo_path(change: EmailChange) -> str:
    """Where the link to the old address leads."""
    return f"/email/undo/{signing.sign(undoing.PURPOSE, change.public_id)}"


def an_app(account: Account) -> TotpFactor:
    """A second factor of the account, committed."""
    factor = TotpFactor(
        account_id=account.id,
        sealed_secret="sealed",
        last_step=0,
        created_at=clock.now(),
        last_used_at=None,
    )
    db.session.add(factor)
    db.session.commit()
    return factor


def a_removal(account: Account, at: datetime | None = None, **overrides: Any) -> FactorRemoval:
    """Of the second factors of `account`, due a day after `at`, committed."""
    at = at or clock.now()
    values = {
        "public_id": public_id("f"),
        "account_id": account.id,
        "requested_by": "t_someone",
        "created_at": at,
        "due_at": at + timedelta(days=1),
        "done_at": None,
        "cancelled_at": None,
    }
    removal = FactorRemoval(**{**values, **overrides})
    db.session.add(removal)
    db.session.commit()
    return removal


def removal_path(removal: FactorRemoval) -> str:
    """Where the link in the mail leads."""
    return f"/factors/removal/{signing.sign(factor_removals.PURPOSE, removal.public_id)}"
