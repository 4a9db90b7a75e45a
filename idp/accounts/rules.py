"""Decisions about registrations and links: no database, no request, time passed in."""

from datetime import datetime, timedelta

from idp.accounts.errors import LinkExpired, LinkUsed
from idp.accounts.models import PasswordReset, Registration

# A registration whose link has expired can still get a new one, until it is forgotten.
REMEMBERED = timedelta(days=7)


def check_activatable(registration: Registration, at: datetime) -> None:
    """Raises `LinkUsed` or `LinkExpired`."""
    if registration.activated_at is not None:
        raise LinkUsed
    if at >= registration.expires_at:
        raise LinkExpired


def check_usable(reset: PasswordReset, at: datetime) -> None:
    """Raises `LinkUsed` or `LinkExpired`; the link of a locked account opens nothing."""
    if reset.used_at is not None:
        raise LinkUsed
    if at >= reset.expires_at or reset.account.locked_at is not None:
        raise LinkExpired
