"""Which browser sessions are live: not ended, not expired, not idle, of an unlocked account."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from idp.accounts.models import Account, BrowserSession
from idp.extensions import db
from idp.identifiers import digest

SEEN_EVERY = timedelta(minutes=1)


def find_live(token: str, at: datetime) -> BrowserSession | None:
    """The session of this cookie; notes that it was seen."""
    found = db.session.scalar(
        select(BrowserSession).where(BrowserSession.token_hash == digest(token), *is_live(at))
    )
    if found is None or found.account.locked_at is not None:
        return None
    if at - found.last_seen_at >= SEEN_EVERY:
        _saw(found, at)
    return found


def find_last_holder(token: str) -> str | None:
    """Whose session this cookie named, live or not: the public id of the account."""
    return db.session.scalar(
        select(Account.public_id)
        .join(BrowserSession, BrowserSession.account_id == Account.id)
        .where(BrowserSession.token_hash == digest(token))
    )


def is_live(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a row of browser_sessions."""
    idle = timedelta(seconds=current_app.config["SESSION_IDLE_SECONDS"])
    return (
        BrowserSession.ended_at.is_(None),
        BrowserSession.expires_at > at,
        BrowserSession.last_seen_at > at - idle,
    )


def _saw(found: BrowserSession, at: datetime) -> None:
    """Move `last_seen_at` on a connection of its own: reading a page opens no transaction."""
    with db.engine.begin() as connection:
        connection.execute(
            update(BrowserSession).where(BrowserSession.id == found.id).values(last_seen_at=at)
        )
