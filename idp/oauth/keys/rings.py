"""The keys as of now, kept in memory.

A key is published before it signs, so that whoever caches our JWKS knows it by then; an old one
stays published until the last token that it signed has expired.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from time import monotonic
from typing import Any

from cryptography.exceptions import InvalidSignature
from flask import Flask, current_app
from sqlalchemy import insert, select, text

from idp import clock, sealing
from idp.extensions import db
from idp.oauth import caching
from idp.oauth.keys.algorithms import ALGORITHMS, BY_NAME
from idp.oauth.models import SigningKey

JWKS_MAX_AGE = 300  # seconds that others may keep our JWKS
EXTENSION = "oauth_keys"
LOCK = 8_723_003  # of whoever makes keys, in the first need or in a rotation
RELOAD_SECONDS = 5.0  # strangers may send any number of unknown `kid`s


class OwnKey:
    """One of our key pairs; each half is imported when it is first used (an RSA key: 65 ms)."""

    def __init__(self, kid: str, algorithm: str, public_jwk: str, sealed_private_jwk: str) -> None:
        self.kid = kid
        self.algorithm = algorithm
        self._kind = BY_NAME[algorithm]
        self._public_jwk, self._sealed = public_jwk, sealed_private_jwk
        self._public: Any = None
        self._private: Any = None

    def sign(self, message: bytes) -> bytes:
        """The signature, as a JWS wants it."""
        if self._private is None:
            jwk = json.loads(sealing.unseal(self._sealed))
            self._private = self._kind.read(jwk).private_key
        return self._kind.sign(self._private, message)

    def is_signature(self, signature: bytes, message: bytes) -> bool:
        """Whether this key signed `message`."""
        if self._public is None:
            self._public = self._kind.read(json.loads(self._public_jwk)).public_key
        try:
            self._kind.check(self._public, signature, message)
        except InvalidSignature:
            return False
        return True


class KeyRing:
    """What signs now (by algorithm), what verifies (by `kid`) and the JWKS document."""

    def __init__(self, rows: Iterable[SigningKey], at: datetime) -> None:
        rows = list(rows)
        keys = {row.kid: _own(*_parts(row)) for row in rows}
        self.signing = {row.algorithm: keys[row.kid] for row in rows if row.active_at <= at}
        self.verifying = keys
        document = {"keys": [row.public_jwk for row in rows]}
        self.jwks = json.dumps(document, separators=(",", ":")).encode()


class _Rings:
    """The one ring of a process, and when it was last read because of an unknown `kid`."""

    def __init__(self, caches: caching.Caches) -> None:
        self._cache = caches.add(lambda _key: _load())
        self._reloaded_at = float("-inf")

    def ring(self) -> KeyRing:
        found = self._cache.find("")
        if found is None:
            raise RuntimeError("a key ring is always made")
        return found

    def find(self, kid: str) -> OwnKey | None:
        found = self.ring().verifying.get(kid)
        if found is None and monotonic() - self._reloaded_at > RELOAD_SECONDS:
            self._reloaded_at = monotonic()
            self._cache.clear()
            found = self.ring().verifying.get(kid)
        return found


def init_app(app: Flask, caches: caching.Caches) -> None:
    """Keep the ring in memory."""
    app.extensions[EXTENSION] = _Rings(caches)


def ring() -> KeyRing:
    """The keys as of now, with at least one of each algorithm."""
    rings: _Rings = current_app.extensions[EXTENSION]
    return rings.ring()


def find(kid: str) -> OwnKey | None:
    """The key of ours with this `kid`. One that another process has just published is looked up in
    the database, though for unknown ones no more often than every `RELOAD_SECONDS`."""
    rings: _Rings = current_app.extensions[EXTENSION]
    return rings.find(kid)


def new_key(algorithm: str, *, at: datetime, active_at: datetime) -> dict[str, Any]:
    """The columns of a new `SigningKey`."""
    key = BY_NAME[algorithm].generate({"use": "sig", "alg": algorithm})
    return {
        "kid": key.kid,
        "algorithm": algorithm,
        "public_jwk": dict(key.as_dict(private=False)),
        "sealed_private_jwk": sealing.seal(json.dumps(key.as_dict(private=True))),
        "created_at": at,
        "active_at": active_at,
        "retired_at": None,
    }


def _load() -> KeyRing:
    at = clock.now()
    rows = _rows(at)
    if _missing(rows, at):
        _make()
        at = clock.now()
        rows = _rows(at)
    return KeyRing(rows, at)


def _missing(rows: Iterable[SigningKey], at: datetime) -> list[str]:
    signing = {row.algorithm for row in rows if row.active_at <= at}
    return [algorithm for algorithm in ALGORITHMS if algorithm not in signing]


def _rows(at: datetime) -> list[SigningKey]:
    """Every published key, in the order in which they begin to sign."""
    return list(
        db.session.scalars(
            select(SigningKey)
            .where(_published(at))
            .order_by(SigningKey.active_at, SigningKey.kid)
            .execution_options(populate_existing=True)
        )
    )


def _published(at: datetime) -> Any:
    return SigningKey.retired_at.is_(None) | (SigningKey.retired_at > at)


def _make() -> None:
    """The first keys, committed by themselves: they must outlive the request that needed them."""
    with db.engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        at = clock.now()  # after those who held the lock
        known = set(
            connection.scalars(
                select(SigningKey.algorithm).where(_published(at), SigningKey.active_at <= at)
            )
        )
        for algorithm in ALGORITHMS:
            if algorithm not in known:
                connection.execute(
                    insert(SigningKey).values(**new_key(algorithm, at=at, active_at=at))
                )


def _parts(row: SigningKey) -> tuple[str, str, str, str]:
    return row.kid, row.algorithm, json.dumps(row.public_jwk), row.sealed_private_jwk


@lru_cache(maxsize=64)
def _own(kid: str, algorithm: str, public_jwk: str, sealed_private_jwk: str) -> OwnKey:
    """The same one for as long as it lives, however often the ring is read anew."""
    return OwnKey(kid, algorithm, public_jwk, sealed_private_jwk)
