"""Signing in to the console: e-mail and password, then a code, each step limited and on record.

A refusal is returned, not raised, so that its trace in the trail is committed.
"""

from datetime import datetime, timedelta

from idp.accounts import passwords
from idp.admin import members, sessions, totp
from idp.admin.models import StaffMember, StaffSession
from idp.audit import Actor, Event, record
from idp.client_address import client_network
from idp.extensions import db
from idp.rate_limits import Limit

# By e-mail against guessing one member's password, by address against trying many members.
PASSWORDS_OF_MEMBER = Limit("staff_password_member", 5, timedelta(minutes=1))
PASSWORDS_OF_ADDRESS = Limit("staff_password_address", 30, timedelta(seconds=10))
# At this pace a guesser who knows the password meets a right code about once in three years.
CODES_OF_MEMBER = Limit("staff_code_member", 5, timedelta(minutes=5))
CODES_OF_ADDRESS = Limit("staff_code_address", 30, timedelta(seconds=10))

STRANGER = Actor("staff", "unknown")


def give_password(email: str, password: str, *, at: datetime) -> StaffSession | None:
    """Start the half session that waits for the code; None when anything is not right.

    Unknown, disabled and wrong cost the same time. Raises TooManyAttempts.
    """
    PASSWORDS_OF_ADDRESS.hit(client_network())
    PASSWORDS_OF_MEMBER.hit(email.lower())
    member = members.find_by_email(email)
    right = passwords.verify(member.password_hash if member else None, password)
    if member is None or not right or member.disabled_at is not None:
        _record_failure(member, "password")
        return None
    return sessions.start_half(member, at=at)


def give_code(half: StaffSession, code: str, *, at: datetime) -> StaffSession | None:
    """Open the console in exchange for the half session; None when the code is not right.

    Raises TooManyAttempts.
    """
    member = half.member
    CODES_OF_ADDRESS.hit(client_network())
    CODES_OF_MEMBER.hit(member.public_id)
    if not totp.use(member, code, at):
        _record_failure(member, "code")
        return None
    started = sessions.start(member, at=at)
    PASSWORDS_OF_MEMBER.forgive(member.email)
    CODES_OF_MEMBER.forgive(member.public_id)
    record(Event.STAFF_SIGN_IN_SUCCEEDED, by=member.actor)
    return started


def sign_out(staff_session: StaffSession, *, at: datetime) -> None:
    """End the session of this browser."""
    sessions.end(staff_session, at=at)
    record(Event.STAFF_SIGNED_OUT, by=staff_session.member.actor)


def _record_failure(member: StaffMember | None, step: str) -> None:
    disabled = member is not None and member.disabled_at is not None
    by = member.actor if member else STRANGER
    record(Event.STAFF_SIGN_IN_FAILED, by=by, step=step, disabled=disabled)
    db.session.flush()
