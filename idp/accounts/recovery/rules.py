"""Decisions about changes of addresses and removals: no database, no request, time passed in."""

from datetime import datetime

from config.market import Profile
from idp.accounts.errors import LinkExpired, LinkUsed
from idp.accounts.recovery.errors import LinkTooEarly
from idp.accounts.recovery.models import EmailChange, FactorRemoval


def is_open(change: EmailChange, at: datetime) -> bool:
    """Whether the new address may still be confirmed, now or later."""
    return change.confirmed_at is None and change.ended_at is None and at < change.expires_at


def check_confirmable(change: EmailChange, at: datetime) -> None:
    """Raises `LinkUsed`, `LinkExpired` (also of a change that was given up) or `LinkTooEarly`."""
    if change.confirmed_at is not None:
        raise LinkUsed
    if not is_open(change, at) or change.account.locked_at is not None:
        raise LinkExpired
    if at < change.opens_at:
        raise LinkTooEarly(change.opens_at)


def check_undoable(change: EmailChange, at: datetime) -> None:
    """Raises `LinkUsed` or `LinkExpired`.

    A change that was given up can be undone as well: whoever asked for it may have asked for
    another one since, which is undone with it.
    """
    if change.undone_at is not None:
        raise LinkUsed
    if at >= change.undo_until or change.account.locked_at is not None:
        raise LinkExpired


def check_cancellable(removal: FactorRemoval, at: datetime) -> None:
    """Raises `LinkUsed`, or `LinkExpired` when the factors are gone or about to be."""
    if removal.cancelled_at is not None:
        raise LinkUsed
    if removal.done_at is not None or at >= removal.due_at:
        raise LinkExpired


def is_address_unique(profile: Profile) -> bool:
    """Whether two accounts may not share an address: it is all that people sign in with."""
    return profile.sign_in.identifiers == ("email",)
