"""Questions to passkeys: random, of one browser and purpose, answered once within five minutes."""

import secrets
from datetime import datetime, timedelta

from flask import session as form_session
from sqlalchemy import update

from idp.accounts.factors.models import PasskeyChallenge, Purpose
from idp.extensions import db
from idp.identifiers import digest, secret_token

LIFE = timedelta(minutes=5)
BYTES = 32  # WebAuthn section 13.4.3 wants 16 or more
BROWSER = "passkeys"  # in Flask's session: which browser was asked


def issue(purpose: Purpose, account_id: int | None, *, at: datetime) -> bytes:
    """A new challenge, for a passkey of this account alone unless None."""
    challenge = secrets.token_bytes(BYTES)
    db.session.add(
        PasskeyChallenge(
            challenge_hash=digest(challenge.hex()),
            browser_hash=digest(_browser()),
            purpose=purpose,
            account_id=account_id,
            created_at=at,
            expires_at=at + LIFE,
            used_at=None,
        )
    )
    db.session.flush()
    return challenge


def claim(challenge: bytes, purpose: Purpose, account_id: int | None, *, at: datetime) -> bool:
    """Use it up; False unless it was put to this browser, for this purpose and account, lately.

    Call it where the transaction is committed whatever comes of the answer.
    """
    browser = form_session.get(BROWSER)
    if not isinstance(browser, str):
        return False
    claimed = (
        update(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge_hash == digest(challenge.hex()),
            PasskeyChallenge.browser_hash == digest(browser),
            PasskeyChallenge.purpose == purpose,
            PasskeyChallenge.account_id.is_not_distinct_from(account_id),
            PasskeyChallenge.used_at.is_(None),
            PasskeyChallenge.expires_at > at,
        )
        .values(used_at=at)
        .returning(PasskeyChallenge.id)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(claimed) is not None


def _browser() -> str:
    """The name of this browser, given when it is first asked; it goes with the sign-in."""
    if not isinstance(form_session.get(BROWSER), str):
        form_session[BROWSER] = secret_token()
    return str(form_session[BROWSER])
