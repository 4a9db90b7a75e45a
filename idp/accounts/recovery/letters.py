"""Mails about recovery: every change is told to both addresses, and how to stop it or go back."""

from datetime import datetime

from idp.accounts.models import Account
from idp.accounts.recovery.addresses import recipients
from idp.accounts.recovery.models import EmailChange, FactorRemoval
from idp.mail import Priority, Recipient, notify
from idp.mail.addresses import hinted


def email_invited(change: EmailChange) -> None:
    """The link that confirms, to the new address."""
    opens_at = change.opens_at if change.opens_at > change.created_at else None
    notify(
        "email_confirmation",
        to=_at(change.account, change.new_email),
        priority=Priority.WAITING,
        change=change.public_id,
        opens_at=_minute(opens_at) if opens_at else "",
        until=_minute(change.expires_at),
    )


def email_requested(change: EmailChange) -> None:
    """The way to stop it, to the address on record."""
    notify(
        "email_change_requested",
        to=_at(change.account, change.old_email),
        priority=Priority.PROMPT,
        change=change.public_id,
        new_email=hinted(change.new_email),
        origin=change.origin.value,
    )


def email_changed(change: EmailChange) -> None:
    """That it is done: to the old address with the way back, and to the new one."""
    notify(
        "email_changed",
        to=_at(change.account, change.old_email),
        change=change.public_id,
        until=_minute(change.undo_until),
    )
    notify("email_in_use", to=change.account.recipient)


def email_change_undone(account: Account, lost: str) -> None:
    """That it is the account's no longer, to the address that it has `lost`."""
    notify("email_change_undone", to=_at(account, lost))


def factors_going(removal: FactorRemoval, at: datetime) -> None:
    """When they go and how to keep them, to everybody who may have a word on it."""
    for each in recipients(removal.account, at=at):
        notify(
            "recovery_factors_going",
            to=each,
            priority=Priority.PROMPT,
            removal=removal.public_id,
            due_at=_minute(removal.due_at),
        )


def factors_gone(removal: FactorRemoval, at: datetime) -> None:
    """That the password is enough again."""
    for each in recipients(removal.account, at=at):
        notify("recovery_factors_gone", to=each, priority=Priority.PROMPT)


def _at(account: Account, address: str) -> Recipient:
    return Recipient(account.name, address, account.locale)


def _minute(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
