"""The secret of pairwise names: made on first need, sealed at rest, the same for ever.

It stands in the database and not among the settings: there it is in every backup, outlives each
change of SECRET_KEY, and of DATA_ENCRYPTION_KEY by `idp keys reseal`.
"""

import hmac
import secrets

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from idp import base64url, clock, sealing
from idp.extensions import db
from idp.oauth import caching
from idp.oauth.subjects.models import SubjectSecret

EXTENSION = "oauth_subject_secret"
ONLY = 1  # its id
SECRET_BYTES = 32


def init_app(app: Flask, caches: caching.Caches) -> None:
    """Keep it in memory."""
    app.extensions[EXTENSION] = caches.add(lambda _key: _load())


def name_of(sector: str, identity: int | str) -> str:
    """HMAC-SHA-256 of sector and identity, in base64url: 43 characters."""
    cache: caching.Cache[str, str] = current_app.extensions[EXTENSION]
    secret = cache.find("")
    if secret is None:
        raise RuntimeError("a secret is always made")
    digest = hmac.digest(secret.encode(), f"{sector}|{identity}".encode(), "sha256")
    return base64url.encoded(digest)


def _load() -> str:
    sealed = select(SubjectSecret.sealed_secret).where(SubjectSecret.id == ONLY)
    found = db.session.scalar(sealed)
    if found is None:
        _make()
        found = db.session.scalars(sealed).one()
    return sealing.unseal(found)


def _make() -> None:
    """Committed by itself, as the first keys are; of two processes one is first."""
    made = sealing.seal(secrets.token_urlsafe(SECRET_BYTES))
    values = {"id": ONLY, "sealed_secret": made, "created_at": clock.now()}
    with db.engine.begin() as connection:
        connection.execute(insert(SubjectSecret).values(values).on_conflict_do_nothing())
