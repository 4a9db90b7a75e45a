"""Kept and compared: argon2id with a bound on how many are computed at once.

Whoever is unknown costs one verification too, against a hash of nobody's password, so that time
tells nothing. Memory is bounded by `ARGON2_CONCURRENCY` × `ARGON2_MEMORY_KIB` for each process.
"""

import unicodedata
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from idp.identifiers import secret_token

MAXIMUM_LENGTH = 256  # characters; longer ones are refused before anything is computed


@dataclass(frozen=True, slots=True)
class Hashing:
    """How this process computes argon2id, and the hash that stands in for an unknown person."""

    hasher: PasswordHasher
    turns: BoundedSemaphore
    of_nobody: str


def init_app(app: Flask) -> None:
    """Read the parameters once and compute the stand-in."""
    hasher = PasswordHasher(
        memory_cost=app.config["ARGON2_MEMORY_KIB"],
        time_cost=app.config["ARGON2_TIME_COST"],
        parallelism=app.config["ARGON2_PARALLELISM"],
    )
    turns = BoundedSemaphore(app.config["ARGON2_CONCURRENCY"])
    app.extensions["passwords"] = Hashing(hasher, turns, hasher.hash(secret_token()))


def hash_password(password: str) -> str:
    """The argon2id hash of `password` in PHC string format; raises ValueError above 256."""
    if len(password) > MAXIMUM_LENGTH:
        raise ValueError("the form must refuse a password of this length")
    hashing = _hashing()
    with hashing.turns:
        return hashing.hasher.hash(normalised(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one behind the hash; None stands for an unknown person.

    Costs exactly one computation in every case, an oversized password included.
    """
    hashing = _hashing()
    possible = password_hash is not None and len(password) <= MAXIMUM_LENGTH
    against = password_hash if password_hash and possible else hashing.of_nobody
    typed = normalised(password[:MAXIMUM_LENGTH])
    with hashing.turns:
        try:
            return hashing.hasher.verify(against, typed) and possible
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hashing().hasher.check_needs_rehash(password_hash)


def normalised(password: str) -> str:
    """The same characters whatever the keyboard composed them from (NFC, RFC 8265 section 4.2)."""
    return unicodedata.normalize("NFC", password)


def _hashing() -> Hashing:
    hashing: Hashing = current_app.extensions["passwords"]
    return hashing
