"""Browsers known to an account: where it has signed in before.

A known browser has tries to sign in of its own, which no stranger can use up; it can be remembered,
so that no second factor is asked for there; and of any other browser the person is told by mail.

The cookie is a secret of the browser and says nothing of who used it. It is drawn anew whenever the
browser becomes known to one more account: whoever planted it, or used the browser before, then
holds nothing that this account would take for its own.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import ColumnElement, and_, bindparam, delete, insert, select, update
from werkzeug.wrappers import Response

from idp import cookies
from idp.accounts.models import Account, BrowserSession
from idp.accounts.sign_in.models import KnownDevice
from idp.accounts.signals import everything_ended
from idp.extensions import db
from idp.identifiers import digest, secret_token

LIFE = timedelta(days=400)  # unused; no browser keeps a cookie for longer (RFC 6265bis 5.5)
REMEMBERED = timedelta(days=30)
USED_EVERY = timedelta(days=1)

# Built once: sign-in is a hot path.
OF_ACCOUNT = select(KnownDevice.id, KnownDevice.last_used_at).where(
    KnownDevice.account_id == bindparam("account"), KnownDevice.token_hash == bindparam("token")
)


def cookie_name() -> str:
    """`__Host-device` where the address is https: no subdomain can plant one."""
    return cookies.name_of("device")


def this_device() -> bytes | None:
    """The hash of this browser's cookie, known to somebody or not; None: it has none."""
    token = g.get("device_cookie") or request.cookies.get(cookie_name())
    return digest(token) if token else None


def is_known(account: ColumnElement[bool]) -> bool:
    """Whether an account of which this condition holds has signed in on this browser before."""
    device = this_device()
    if device is None:
        return False
    query = select(KnownDevice.id).join(Account, Account.id == KnownDevice.account_id)
    return db.session.scalar(query.where(KnownDevice.token_hash == device, account)) is not None


def note(account_id: int, at: datetime) -> bool:
    """The account signs in on this browser, which is known to it from now on; tells whether it was
    before."""
    device = this_device()
    connection = db.session.connection()
    found = connection.execute(OF_ACCOUNT, {"account": account_id, "token": device}).first()
    if found is None:
        _introduce(account_id, device, at)
        return False
    if at - found.last_used_at >= USED_EVERY:
        used = update(KnownDevice).where(KnownDevice.id == found.id)
        connection.execute(used.values(last_used_at=at))
        _keep_cookie(request.cookies[cookie_name()])
    return True


def has_any(account_id: int) -> bool:
    """Whether the account has any browser that it knows, this one left out."""
    others = _others(account_id)
    return db.session.scalar(select(KnownDevice.id).where(others).limit(1)) is not None


def remember(account_id: int, at: datetime) -> None:
    """Ask for no second factor in this browser for 30 days; after `note`, in the same request or a
    later one."""
    until = at + REMEMBERED
    db.session.execute(_here(account_id).values(remembered_until=until))


def is_remembered(account_id: int, at: datetime) -> bool:
    """Whether the person asked for that in this browser, less than 30 days ago."""
    device = this_device()
    if device is None:
        return False
    return (
        db.session.scalar(
            select(KnownDevice.id).where(
                KnownDevice.account_id == account_id,
                KnownDevice.token_hash == device,
                KnownDevice.remembered_until > at,
            )
        )
        is not None
    )


def forget_remembered_elsewhere(account_id: int) -> None:
    """Every other browser has to show the second factor again."""
    others = update(KnownDevice).where(_others(account_id))
    db.session.execute(others.values(remembered_until=None))


def write_cookie(response: Response) -> Response:
    """Set the cookie after a request that gave the browser a new one."""
    return cookies.write(response, "device", seconds=int(LIFE.total_seconds()))


@everything_ended.connect
def forget(_sender: Any, *, account: Account, keep: BrowserSession | None, **_rest: Any) -> None:
    """Somebody else may have got in: no browser is known any more but the one that is kept."""
    doomed = delete(KnownDevice).where(KnownDevice.account_id == account.id)
    db.session.execute(doomed if keep is None else doomed.where(_others(account.id)))


def _introduce(account_id: int, device: bytes | None, at: datetime) -> None:
    """Give the browser a new secret, and move what was known of the browser along."""
    token = secret_token()
    if device is not None:
        moved = update(KnownDevice).where(KnownDevice.token_hash == device)
        db.session.execute(moved.values(token_hash=digest(token)))
    values = {"account_id": account_id, "token_hash": digest(token), "remembered_until": None}
    db.session.connection().execute(
        insert(KnownDevice), {**values, "created_at": at, "last_used_at": at}
    )
    _keep_cookie(token)


def _keep_cookie(token: str) -> None:
    g.device_cookie = token


def _here(account_id: int) -> Any:
    return update(KnownDevice).where(
        KnownDevice.account_id == account_id, KnownDevice.token_hash == this_device()
    )


def _others(account_id: int) -> ColumnElement[bool]:
    device = this_device() if has_request_context() else None
    mine = KnownDevice.account_id == account_id
    return mine if device is None else and_(mine, KnownDevice.token_hash != device)
