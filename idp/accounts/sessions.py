"""Browser sessions: kept in the database, named by a random cookie, ended one by one.

How all of a person end at once, see `endings`.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec

from flask import current_app, g, redirect, request, url_for
from flask import session as form_session
from flask.typing import ResponseReturnValue
from sqlalchemy import insert, select
from werkzeug.wrappers import Response

from idp import clock, cookies
from idp.accounts.liveness import find_last_holder, find_live, is_live
from idp.accounts.lookup import Credentials
from idp.accounts.models import Account, BrowserSession
from idp.accounts.signals import session_renewed, sessions_ended
from idp.client_address import client_address
from idp.extensions import db
from idp.forms import begin_anew, keep_typed
from idp.identifiers import digest, public_id, secret_token

P = ParamSpec("P")

MAXIMUM_USER_AGENT = 256
START = insert(BrowserSession).returning(BrowserSession.id)  # built once: sign-in is a hot path
ACR_ONE_FACTOR = "urn:outorga:aal1"
ACR_TWO_FACTORS = "urn:outorga:aal2"
SECOND_FACTORS = frozenset({"otp", "hwk", "swk"})  # RFC 8176: whatever is more than a password


def cookie_name() -> str:
    """`__Host-session` where the address is https: no subdomain can set it (RFC 6265bis 4.1.3)."""
    return cookies.name_of("session")


def start(account: Credentials, *, amr: list[str], at: datetime) -> str:
    """Sign `account` in on this browser; an earlier session of the browser ends (no fixation).

    Returns the public id of the session, the `sid` of tokens.
    """
    earlier = find_session()
    if earlier is not None:
        earlier.ended_at = at
        db.session.flush()
    token, name = secret_token(), public_id("s")
    row = {
        "public_id": name,
        "token_hash": digest(token),
        "account_id": account.id,
        "authenticated_at": at,
        "amr": amr,
        "created_at": at,
        "last_seen_at": at,
        "expires_at": at + timedelta(seconds=current_app.config["SESSION_LIFE_SECONDS"]),
        "user_agent": request.user_agent.string[:MAXIMUM_USER_AGENT],
        "address": client_address(),
    }
    session_id = db.session.connection().execute(START, row).scalar_one()
    if earlier is not None and earlier.account_id == account.id:
        session_renewed.send(None, earlier_id=earlier.id, session_id=session_id)
    elif earlier is not None:
        sessions_ended.send(None, session_ids=[earlier.id], at=at)
    begin_anew(account.public_id)  # the CSRF secret of before sign-in is not that of after
    g.pop("browser_session", None)
    g.session_cookie = token
    return name


def renew(browser_session: BrowserSession, *, at: datetime) -> None:
    """Note that the person has just shown again who they are, and change the cookie's secret."""
    token = secret_token()
    browser_session.token_hash = digest(token)
    browser_session.authenticated_at = at
    db.session.flush()
    g.session_cookie = token


def strengthen(browser_session: BrowserSession, *, amr: list[str]) -> None:
    """Note that the person has shown more of who they are, and change the cookie's secret; since
    when they are signed in stays as it was."""
    token = secret_token()
    browser_session.token_hash = digest(token)
    browser_session.amr = amr
    db.session.flush()
    g.session_cookie = token


def acr_of(amr: Collection[str]) -> str:
    """How sure a sign-in by these methods is (protocol: one factor or two). A passkey that stands
    alone has verified its holder, so it is two."""
    return ACR_TWO_FACTORS if SECOND_FACTORS & set(amr) else ACR_ONE_FACTOR


def write_cookie(response: Response) -> Response:
    """Set or clear the cookie after a request in which the session began or ended."""
    return cookies.write(response, "session", seconds=current_app.config["SESSION_LIFE_SECONDS"])


def find_session() -> BrowserSession | None:
    """The live session of this request's cookie, looked up once a request."""
    if "browser_session" not in g:
        token = request.cookies.get(cookie_name())
        g.browser_session = find_live(token, clock.now()) if token else None
    found: BrowserSession | None = g.browser_session
    return found


def find_account() -> Account | None:
    """Who is signed in, or None."""
    found = find_session()
    return found.account if found else None


def current_account() -> Account:
    """Who is signed in; only inside a view under `sign_in_required`."""
    return current_session().account


def current_session() -> BrowserSession:
    """The session; only inside a view under `sign_in_required`."""
    found = find_session()
    if found is None:
        raise RuntimeError("no session: the view lacks sign_in_required")
    return found


def sign_in_required(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Send a stranger to the sign-in page, and back here afterwards."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if find_session() is None:
            if request.method == "POST" and (whose := _signed_in_before()):
                keep_typed(whose=whose)  # the session ended while the form was filled in
            return redirect(url_for("accounts.sign_in", next=here()))
        return view(*args, **kwargs)

    return guarded


def _signed_in_before() -> str | None:
    """Whose session this browser's cookie named, though it has ended (a public id)."""
    token = request.cookies.get(cookie_name())
    return find_last_holder(token) if token else None


def here() -> str:
    """The local address to come back to: this page, or the one whose form was posted; of a button
    without a page of its own, the nearest above."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    path, routes = request.path, current_app.create_url_adapter(request)
    while routes is not None and path.strip("/") and not routes.test(path, method="GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def end(browser_session: BrowserSession, *, at: datetime) -> None:
    """Sign one browser out; the current browser's cookie goes too."""
    browser_session.ended_at = at
    db.session.flush()
    sessions_ended.send(None, session_ids=[browser_session.id], at=at)
    if g.get("browser_session") is browser_session:
        leave()


def leave() -> None:
    """Take the cookie off this browser, whose session has ended, and all that it kept."""
    g.browser_session = None
    g.session_cookie = ""
    form_session.clear()


def live_sessions(account: Account, *, at: datetime) -> list[BrowserSession]:
    """Where `account` is signed in, the latest first."""
    return list(
        db.session.scalars(
            select(BrowserSession)
            .where(BrowserSession.account_id == account.id, *is_live(at))
            .order_by(BrowserSession.last_seen_at.desc())
        )
    )
