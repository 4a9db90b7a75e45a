"""Members of staff, their codes and their sessions."""

from datetime import datetime, timedelta

import pyotp
from flask.testing import FlaskClient

from idp import clock, sealing
from idp.accounts import passwords
from idp.admin import sessions
from idp.admin.models import Role, StaffMember, StaffSession
from idp.extensions import db
from idp.identifiers import digest, public_id, secret_token

PASSWORD = "correct horse battery staple"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_member(
    role: Role = Role.SUPPORT,
    email: str = "ana@utility.example",
    name: str = "Ana Lima",
    password: str = PASSWORD,
    secret: str = SECRET,
    **overrides: object,
) -> StaffMember:
    """Somebody who works here, committed."""
    values: dict[str, object] = {
        "public_id": public_id("t"),
        "email": email,
        "name": name,
        "role": role,
        "password_hash": passwords.hash_password(password),
        "sealed_totp_secret": sealing.seal(secret),
        "last_totp_step": 0,
        "created_at": clock.now(),
        "disabled_at": None,
    }
    member = StaffMember(**{**values, **overrides})
    db.session.add(member)
    db.session.commit()
    return member


def a_code(secret: str = SECRET, *, at: datetime | None = None, steps: int = 0) -> str:
    """What the member's app shows now, or `steps` of 30 seconds later."""
    moment = (at or clock.now()) + timedelta(seconds=30 * steps)
    return pyotp.TOTP(secret).at(moment)


def sign_in_staff(
    client: FlaskClient,
    member: StaffMember,
    *,
    second_factor: bool = True,
    **overrides: object,
) -> StaffSession:
    """Put a session of `member` into this client, without the pages; half a one if asked."""
    at = clock.now()
    token = secret_token()
    values: dict[str, object] = {
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + sessions.LIFE,
        "second_factor_at": at if second_factor else None,
        "ended_at": None,
        "address": "127.0.0.1",
        **overrides,
    }
    staff_session = StaffSession(token_hash=digest(token), member_id=member.id, **values)
    db.session.add(staff_session)
    db.session.commit()
    client.set_cookie(sessions.cookie_name(), token)
    return staff_session
