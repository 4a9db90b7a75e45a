"""New keys for old: on schedule, and at once when an operator says so."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, func, select, text, update

from idp.audit import SYSTEM, Actor, Event, record
from idp.extensions import db
from idp.oauth import caching
from idp.oauth.keys.algorithms import ALGORITHMS
from idp.oauth.keys.rings import JWKS_MAX_AGE, LOCK, new_key
from idp.oauth.models import SigningKey

PUBLISHED_BEFORE = timedelta(seconds=2 * JWKS_MAX_AGE)
CLOCK_SLACK = timedelta(minutes=1)


def rotate(algorithm: str, *, by: Actor, at: datetime, immediately: bool = False) -> SigningKey:
    """Publish a new key, which signs after `PUBLISHED_BEFORE` or at once, and retire the others.

    One that was published but has not signed yet goes straight away.
    """
    db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    begins = at if immediately else at + PUBLISHED_BEFORE
    of_algorithm = SigningKey.algorithm == algorithm
    db.session.execute(delete(SigningKey).where(of_algorithm, SigningKey.active_at > at))
    ending = SigningKey.retired_at.is_(None) | (SigningKey.kid == _signing_kid(algorithm, at))
    db.session.execute(
        update(SigningKey)
        .where(of_algorithm, ending)
        .values(retired_at=begins + _longest_token_life())
    )
    key = SigningKey(**new_key(algorithm, at=at, active_at=begins))
    db.session.add(key)
    record(Event.KEY_ROTATED, by=by, kid=key.kid, algorithm=algorithm)
    db.session.flush()
    caching.changed()
    return key


def rotate_due(at: datetime) -> int:
    """Replace, with overlap, the keys that have signed for SIGNING_KEY_LIFE_DAYS; how many."""
    oldest = at - timedelta(days=current_app.config["SIGNING_KEY_LIFE_DAYS"])
    newest = {
        algorithm: active_at
        for algorithm, active_at in db.session.execute(
            select(SigningKey.algorithm, func.max(SigningKey.active_at)).group_by(
                SigningKey.algorithm
            )
        )
    }
    due = [each for each in ALGORITHMS if each in newest and newest[each] <= oldest]
    for algorithm in due:
        rotate(algorithm, by=SYSTEM, at=at)
    return len(due)


def purge(at: datetime) -> int:
    """Drop the keys whose last token has expired; returns how many."""
    gone = db.session.execute(
        delete(SigningKey).where(SigningKey.retired_at < at).returning(SigningKey.kid)
    )
    return len(gone.all())


def _signing_kid(algorithm: str, at: datetime) -> Any:
    """The key that signs now may be about to retire for the one that has just been dropped."""
    return (
        select(SigningKey.kid)
        .where(SigningKey.algorithm == algorithm, SigningKey.active_at <= at)
        .order_by(SigningKey.active_at.desc(), SigningKey.kid.desc())
        .limit(1)
        .scalar_subquery()
    )


def _longest_token_life() -> timedelta:
    config = current_app.config
    seconds = max(config["ACCESS_TOKEN_SECONDS"], config["ID_TOKEN_SECONDS"])
    return timedelta(seconds=seconds) + CLOCK_SLACK
