"""Staff sessions: a cookie and a table of their own, short, and worth nothing before the code."""

from datetime import datetime, timedelta

from flask import g, request
from flask import session as form_session
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from idp import clock, cookies
from idp.admin.models import StaffMember, StaffSession
from idp.client_address import client_address
from idp.extensions import db
from idp.identifiers import digest, secret_token

IDLE = timedelta(minutes=15)
LIFE = timedelta(hours=8)
CODE_WAIT = timedelta(minutes=5)  # between password and code
SEEN_EVERY = timedelta(minutes=1)


def cookie_name() -> str:
    """`__Host-staff` where the address is https: no subdomain can set it (RFC 6265bis 4.1.3)."""
    return cookies.name_of("staff")


def start_half(member: StaffMember, *, at: datetime) -> StaffSession:
    """The password was right: a session that opens the page for the code and nothing else."""
    return _start(member, at=at, life=CODE_WAIT, second_factor_at=None)


def start(member: StaffMember, *, at: datetime) -> StaffSession:
    """The code was right too: a session under a new name, so that none can be planted."""
    return _start(member, at=at, life=LIFE, second_factor_at=at)


def _start(
    member: StaffMember, *, at: datetime, life: timedelta, second_factor_at: datetime | None
) -> StaffSession:
    if (earlier := _of_this_browser()) is not None:
        earlier.ended_at = at
    token = secret_token()
    started = StaffSession(
        token_hash=digest(token),
        member_id=member.id,
        member=member,
        created_at=at,
        last_seen_at=at,
        expires_at=at + life,
        second_factor_at=second_factor_at,
        address=client_address(),
    )
    db.session.add(started)
    db.session.flush()
    form_session.clear()  # the CSRF secret of before is not that of after
    g.staff_session = started
    g.staff_cookie = token
    return started


def end(staff_session: StaffSession, *, at: datetime) -> None:
    """Sign this browser out."""
    staff_session.ended_at = at
    db.session.flush()
    g.staff_session = None
    g.staff_cookie = ""
    form_session.clear()


def write_cookie(response: Response) -> Response:
    """Set or clear the cookie after a request in which a session began or ended."""
    return cookies.write(response, "staff", seconds=int(LIFE.total_seconds()), same_site="Strict")


def find_session() -> StaffSession | None:
    """The live session, password and code given; None for a stranger or half a sign-in."""
    found = _of_this_browser()
    return found if found is not None and found.second_factor_at is not None else None


def find_half_session() -> StaffSession | None:
    """The live session that waits for the code."""
    found = _of_this_browser()
    return found if found is not None and found.second_factor_at is None else None


def find_member() -> StaffMember | None:
    """Who is signed in to the console, or None."""
    found = find_session()
    return found.member if found else None


def current_member() -> StaffMember:
    """Who is signed in; only inside a view under `staff_required`."""
    found = find_session()
    if found is None:
        raise RuntimeError("no staff session: the view lacks staff_required")
    return found.member


def _of_this_browser() -> StaffSession | None:
    if "staff_session" not in g:
        token = request.cookies.get(cookie_name())
        g.staff_session = _live(token, clock.now()) if token else None
    found: StaffSession | None = g.staff_session
    return found


def _live(token: str, at: datetime) -> StaffSession | None:
    found = db.session.scalar(
        select(StaffSession).where(
            StaffSession.token_hash == digest(token),
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > at,
            StaffSession.last_seen_at > at - IDLE,
        )
    )
    if found is None or found.member.disabled_at is not None:
        return None
    if at - found.last_seen_at >= SEEN_EVERY:
        _saw(found, at)
    return found


def _saw(found: StaffSession, at: datetime) -> None:
    """Move `last_seen_at` on a connection of its own: reading a page opens no transaction."""
    with db.engine.begin() as connection:
        connection.execute(
            update(StaffSession).where(StaffSession.id == found.id).values(last_seen_at=at)
        )
