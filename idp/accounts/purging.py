"""Forget what has served its purpose."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from idp.accounts.factors.models import PasskeyChallenge, PendingSignIn
from idp.accounts.models import BrowserSession, PasswordReset, Registration
from idp.accounts.registration.models import RegistrationDraft
from idp.accounts.rules import REMEMBERED
from idp.accounts.sign_in.known_devices import LIFE as DEVICE_LIFE
from idp.accounts.sign_in.models import KnownDevice
from idp.extensions import db

# How long the list of past sessions can help to find out what happened.
SESSIONS_KEPT = timedelta(days=30)


def purge(at: datetime) -> int:
    """Delete registrations a week after their last link, resets a week after theirs, and sessions
    30 days after their end; returns how many rows went."""
    doomed = (
        delete(Registration).where(Registration.expires_at < at - REMEMBERED),
        delete(RegistrationDraft).where(RegistrationDraft.expires_at < at),
        delete(PasswordReset).where(PasswordReset.expires_at < at - REMEMBERED),
        delete(PendingSignIn).where(PendingSignIn.expires_at < at),
        delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < at),
        # A session ends at `expires_at` at the latest, and that column has the index.
        delete(BrowserSession).where(BrowserSession.expires_at < at - SESSIONS_KEPT),
        delete(KnownDevice).where(KnownDevice.last_used_at < at - DEVICE_LIFE),
    )
    connection = db.session.connection()
    return sum(connection.execute(each).rowcount for each in doomed)
