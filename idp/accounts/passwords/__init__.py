"""Passwords: how they are kept and compared, what a new one must be, and their change."""

from idp.accounts.passwords.hashing import (
    MAXIMUM_LENGTH,
    Hashing,
    hash_password,
    init_app,
    needs_rehash,
    normalised,
    verify,
)

__all__ = [
    "MAXIMUM_LENGTH",
    "Hashing",
    "hash_password",
    "init_app",
    "needs_rehash",
    "normalised",
    "verify",
]
