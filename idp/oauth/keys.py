"""Signing keys: made on first need, sealed at rest, rotated with overlap, kept imported in memory.

A new key is published before it signs, so that whoever caches our JWKS knows it by then; an old
one stays published until the last token that it signed has expired.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from sqlalchemy import delete, insert, select, text, update

from idp import clock, sealing
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.oauth import caching
from idp.oauth.models import SigningKey

ALGORITHMS = ("ES256", "RS256")
JWKS_MAX_AGE = 300  # seconds that others may keep our JWKS
PUBLISHED_BEFORE = timedelta(seconds=2 * JWKS_MAX_AGE)
CLOCK_SLACK = timedelta(minutes=1)
RSA_BITS = 2048
EXTENSION = "oauth_keys"
LOCK = 8_723_002  # two processes that both find no key make one


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What signs now (by algorithm), what verifies (by `kid`) and the JWKS document."""

    signing: Mapping[str, KeySet]
    verifying: Mapping[str, Key]
    jwks: bytes


def init_app(app: Flask, caches: caching.Caches) -> None:
    """Keep the ring in memory."""
    app.extensions[EXTENSION] = caches.add(lambda _key: _load(clock.now()))


def ring() -> KeyRing:
    """The keys as of now, with at least one of each algorithm."""
    cache: caching.Cache[str, KeyRing] = current_app.extensions[EXTENSION]
    found = cache.find("")
    if found is None:
        raise RuntimeError("a key ring is always made")
    return found


def sign(claims: Mapping[str, Any], *, algorithm: str, kind: str) -> str:
    """A compact JWS of `claims` with `typ` = `kind`; a key set makes joserfc write the `kid`."""
    header = {"alg": algorithm, "typ": kind}
    return jwt.encode(header, dict(claims), ring().signing[algorithm], [algorithm])


def rotate(algorithm: str, *, by: Actor, at: datetime, immediately: bool = False) -> SigningKey:
    """Publish a new key, which signs after `PUBLISHED_BEFORE` or at once, and retire the others.

    One that was published but has not signed yet goes straight away.
    """
    begins = at if immediately else at + PUBLISHED_BEFORE
    of_algorithm = SigningKey.algorithm == algorithm
    db.session.execute(delete(SigningKey).where(of_algorithm, SigningKey.active_at > at))
    db.session.execute(
        update(SigningKey)
        .where(of_algorithm, SigningKey.retired_at.is_(None))
        .values(retired_at=begins + _longest_token_life())
    )
    key = SigningKey(**_generate(algorithm, at=at, active_at=begins))
    db.session.add(key)
    record(Event.KEY_ROTATED, by=by, kid=key.kid, algorithm=algorithm)
    db.session.flush()
    caching.changed()
    return key


def purge(at: datetime) -> int:
    """Drop the keys whose last token has expired; returns how many."""
    gone = db.session.execute(
        delete(SigningKey).where(SigningKey.retired_at < at).returning(SigningKey.kid)
    )
    return len(gone.all())


def _load(at: datetime) -> KeyRing:
    rows = _rows(at)
    if missing := set(ALGORITHMS) - {row.algorithm for row in rows if row.active_at <= at}:
        _make(sorted(missing), at)
        rows = _rows(at)
    return _ring_of(rows, at)


def _rows(at: datetime) -> list[SigningKey]:
    """Every published key, in the order in which they begin to sign."""
    published = SigningKey.retired_at.is_(None) | (SigningKey.retired_at > at)
    return list(
        db.session.scalars(
            select(SigningKey)
            .where(published)
            .order_by(SigningKey.active_at, SigningKey.kid)
            .execution_options(populate_existing=True)
        )
    )


def _ring_of(rows: Iterable[SigningKey], at: datetime) -> KeyRing:
    rows = list(rows)
    keys = {row.kid: _imported(row.kid, row.sealed_private_jwk) for row in rows}
    signing = {row.algorithm: KeySet([keys[row.kid]]) for row in rows if row.active_at <= at}
    jwks = json.dumps({"keys": [row.public_jwk for row in rows]}, separators=(",", ":"))
    return KeyRing(MappingProxyType(signing), MappingProxyType(keys), jwks.encode())


def _make(algorithms: Iterable[str], at: datetime) -> None:
    """The first keys, committed by themselves: they must outlive the request that needed them."""
    with db.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        known = set(connection.scalars(select(SigningKey.algorithm)))
        for algorithm in set(algorithms) - known:
            connection.execute(
                insert(SigningKey).values(**_generate(algorithm, at=at, active_at=at))
            )


def _generate(algorithm: str, *, at: datetime, active_at: datetime) -> dict[str, Any]:
    parameters: Any = {"use": "sig", "alg": algorithm}
    key: Key = (
        ECKey.generate_key("P-256", parameters, auto_kid=True)
        if algorithm == "ES256"
        else RSAKey.generate_key(RSA_BITS, parameters, auto_kid=True)
    )
    return {
        "kid": key.kid,
        "algorithm": algorithm,
        "public_jwk": dict(key.as_dict(private=False)),
        "sealed_private_jwk": sealing.seal(json.dumps(key.as_dict(private=True))),
        "created_at": at,
        "active_at": active_at,
        "retired_at": None,
    }


@lru_cache(maxsize=64)
def _imported(_kid: str, sealed: str) -> Key:
    """Importing an RSA key takes 65 ms, so each key is imported once."""
    jwk = json.loads(sealing.unseal(sealed))
    return ECKey.import_key(jwk) if jwk["kty"] == "EC" else RSAKey.import_key(jwk)


def _longest_token_life() -> timedelta:
    config = current_app.config
    seconds = max(config["ACCESS_TOKEN_SECONDS"], config["ID_TOKEN_SECONDS"])
    return timedelta(seconds=seconds) + CLOCK_SLACK
