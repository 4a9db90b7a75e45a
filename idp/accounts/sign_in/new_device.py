"""Tell somebody by mail that their account was used on a browser that had not been known to it."""

from datetime import datetime, timedelta

from flask import request

from idp.accounts.models import Account
from idp.accounts.sign_in import known_devices
from idp.accounts.sign_in.devices import approximate, parts_of
from idp.client_address import client_address
from idp.extensions import db
from idp.mail import Priority, notify

FRESH = timedelta(days=7)  # after activation, when the first sign-in is awaited


def tell(account_id: int, at: datetime) -> None:
    """Say what, when and from where, unless it is the first sign-in after the activation."""
    account = db.session.get_one(Account, account_id)
    if _is_first(account, at):
        return
    browser, system = parts_of(request.user_agent.string)
    notify(
        "sign_in_new_device",
        to=account.recipient,
        priority=Priority.NOTICE,
        browser=browser,
        system=system,
        network=approximate(client_address()),
        at=at.isoformat(timespec="minutes"),
    )


def _is_first(account: Account, at: datetime) -> bool:
    """A changed password forgets every device too: what follows it is told."""
    is_fresh = at - account.activated_at < FRESH
    is_unchanged = account.password_changed_at <= account.activated_at
    return is_fresh and is_unchanged and not known_devices.has_any(account.id)
