"""Encryption at rest for the few secrets that must be read back: signing keys, TOTP seeds."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app


class Unreadable(Exception):
    """The text was sealed with another DATA_ENCRYPTION_KEY, or was changed."""


def seal(plain: str) -> str:
    """Encrypt and authenticate `plain` with a key derived from DATA_ENCRYPTION_KEY."""
    return _fernet().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given; raises `Unreadable`."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _fernet() -> Fernet:
    key = hashlib.sha256(b"outorga.sealing:" + current_app.config["DATA_ENCRYPTION_KEY"].encode())
    return Fernet(base64.urlsafe_b64encode(key.digest()))
