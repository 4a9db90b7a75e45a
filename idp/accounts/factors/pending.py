"""A sign-in that waits for the second factor: a row and a cookie of their own, worth no session.

It lasts ten minutes and bears few tries; it is settled once, by whoever brings the factor, and
goes when the password changes or the account is locked: what was shown then may be a thief's.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import g, request
from sqlalchemy import bindparam, delete, exists, or_, select, update
from werkzeug.wrappers import Response

from idp import clock, cookies
from idp.accounts.factors.models import Passkey, PendingSignIn, TotpFactor
from idp.accounts.lookup import Credentials
from idp.accounts.models import Account, BrowserSession
from idp.accounts.sessions import ACR_TWO_FACTORS, acr_of
from idp.accounts.sign_in import known_devices
from idp.accounts.signals import everything_ended
from idp.extensions import db
from idp.identifiers import digest, secret_token

LIFE = timedelta(minutes=10)
MAXIMUM_TRIES = 10

# Built once: sign-in is a hot path.
HAS_FACTOR = select(
    or_(
        exists().where(TotpFactor.account_id == bindparam("account")),
        exists().where(Passkey.account_id == bindparam("account")),
    )
)


def cookie_name() -> str:
    """`__Host-pending` where the address is https: no subdomain can plant somebody else's."""
    return cookies.name_of("pending")


def has_factor(account_id: int) -> bool:
    """Whether the account has an authenticator app or a passkey."""
    return bool(db.session.connection().scalar(HAS_FACTOR, {"account": account_id}))


def is_needed(account_id: int, at: datetime) -> bool:
    """Whether this browser has to show a second factor after the password."""
    return has_factor(account_id) and not known_devices.is_remembered(account_id, at)


def is_owed(browser_session: BrowserSession) -> bool:
    """Whether the person has a second factor and hasn't shown it in this session."""
    shown = acr_of(browser_session.amr) == ACR_TWO_FACTORS
    return not shown and has_factor(browser_session.account_id)


def begin(account: Credentials, *, amr: list[str], at: datetime) -> None:
    """Have the person asked for the factor: `amr` is what they have shown so far.

    Of one browser one sign-in waits: an earlier one is settled for good.
    """
    earlier = find()
    if earlier is not None:
        over = update(PendingSignIn).where(PendingSignIn.id == earlier.id)
        db.session.execute(over.values(settled_at=at))
    token = secret_token()
    db.session.add(
        PendingSignIn(
            token_hash=digest(token),
            account_id=account.id,
            amr=amr,
            created_at=at,
            expires_at=at + LIFE,
            tries=0,
            settled_at=None,
        )
    )
    db.session.flush()
    g.pop("pending_sign_in", None)
    g.pending_cookie = token


def find() -> PendingSignIn | None:
    """The sign-in that waits in this browser, looked up once a request."""
    if "pending_sign_in" not in g:
        token = request.cookies.get(cookie_name())
        g.pending_sign_in = _live(token, clock.now()) if token else None
    found: PendingSignIn | None = g.pending_sign_in
    return found


def count_try(waiting: PendingSignIn) -> None:
    """Count a wrong code or passkey: after the last one the password has to be typed anew."""
    db.session.execute(
        update(PendingSignIn)
        .where(PendingSignIn.id == waiting.id)
        .values(tries=PendingSignIn.tries + 1)
    )


def hold(waiting: PendingSignIn, *, at: datetime) -> bool:
    """Whether it still waits, and its account is not locked, until the transaction ends.

    The account's row comes first, as everywhere: a change of password either came before, and has
    taken this row away, or comes after and ends the session that follows.
    """
    unlocked = select(Account.id).where(
        Account.id == waiting.account_id, Account.locked_at.is_(None)
    )
    if db.session.scalar(unlocked.with_for_update(read=True)) is None:
        return False
    waits = select(PendingSignIn.id).where(PendingSignIn.id == waiting.id, *_is_live(at))
    return db.session.scalar(waits.with_for_update()) is not None


def settle(waiting: PendingSignIn, *, at: datetime) -> None:
    """Use up what `hold` found, and take the cookie off this browser."""
    over = update(PendingSignIn).where(PendingSignIn.id == waiting.id)
    db.session.execute(over.values(settled_at=at))
    leave()


def leave() -> None:
    """Take the cookie off this browser."""
    g.pending_sign_in = None
    g.pending_cookie = ""


def write_cookie(response: Response) -> Response:
    """Set or clear the cookie after a request in which a sign-in began to wait or went on."""
    return cookies.write(response, "pending", seconds=int(LIFE.total_seconds()))


@everything_ended.connect
def forget(_sender: Any, *, account: Account, **_kwargs: Any) -> None:
    """Somebody else may know the password that these were begun with."""
    db.session.execute(delete(PendingSignIn).where(PendingSignIn.account_id == account.id))


def _live(token: str, at: datetime) -> PendingSignIn | None:
    return db.session.scalar(
        select(PendingSignIn).where(PendingSignIn.token_hash == digest(token), *_is_live(at))
    )


def _is_live(at: datetime) -> tuple[Any, ...]:
    return (
        PendingSignIn.settled_at.is_(None),
        PendingSignIn.expires_at > at,
        PendingSignIn.tries < MAXIMUM_TRIES,
    )
