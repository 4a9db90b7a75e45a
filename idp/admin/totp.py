"""The second factor: time-based one-time passwords (RFC 6238) from an authenticator app.

A code is good for its own 30 seconds and the step before and after (section 5.2 allows for clocks
and slow fingers), and it works once: the step it belongs to is moved on by a conditional UPDATE,
so of two requests with the same code only one gets in.
"""

import hmac
from datetime import datetime

import pyotp
from flask import current_app
from sqlalchemy import update

from idp import sealing
from idp.admin.models import StaffMember
from idp.extensions import db

STEP_SECONDS = 30
WINDOW = (-1, 0, 1)


def new_secret() -> str:
    """160 random bits in base32 (RFC 4226 section 4 recommends this length)."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """The `otpauth://` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=email, issuer_name=current_app.config["BRAND_NAME"]
    )


def step_of(at: datetime) -> int:
    """The number of the 30-second step in which `at` lies."""
    return int(at.timestamp()) // STEP_SECONDS


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, or None; takes the same time whichever it is."""
    typed = "".join(code.split()).encode()
    totp = pyotp.TOTP(secret)
    matching = None
    for step in (step_of(at) + offset for offset in WINDOW):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed):
            matching = step
    return matching


def use(member: StaffMember, code: str, at: datetime) -> bool:
    """Whether `code` is right and new; from then on neither it nor an earlier one is."""
    step = matching_step(sealing.unseal(member.sealed_totp_secret), code, at)
    if step is None:
        return False
    moved = db.session.execute(
        update(StaffMember)
        .where(StaffMember.id == member.id, StaffMember.last_totp_step < step)
        .values(last_totp_step=step)
        .returning(StaffMember.id)
        .execution_options(synchronize_session=False)
    )
    return moved.first() is not None
