"""Time-based one-time passwords (RFC 6238) from an authenticator app: the arithmetic alone.

A code is good for its own 30 seconds and the step before and after (section 5.2 allows for clocks
and slow fingers). Who keeps a seed also keeps the last step that was used, and moves it on by a
conditional UPDATE: so a code works once.
"""

import hmac
from datetime import datetime

import pyotp
from flask import current_app

STEP_SECONDS = 30
WINDOW = (-1, 0, 1)


def new_secret() -> str:
    """160 random bits in base32 (RFC 4226 section 4 recommends this length)."""
    return pyotp.random_base32()


def address_of(secret: str, name: str) -> str:
    """The `otpauth://` address that an authenticator app reads from a QR code; `name` tells this
    account from others of the same person."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=name, issuer_name=current_app.config["BRAND_NAME"]
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
