"""Encryption at rest for what must be read back: signing keys, TOTP seeds, people's documents."""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE = 12  # bytes, the one length that GCM is meant for (NIST SP 800-38D section 8.2)


class Unreadable(Exception):
    """It was sealed with another DATA_ENCRYPTION_KEY or for another row, or was changed."""


def seal(plain: str) -> str:
    """Encrypt and authenticate `plain` with a key derived from DATA_ENCRYPTION_KEY."""
    return _fernet().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given; raises `Unreadable`."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def seal_content(content: bytes, *, owner: str) -> bytes:
    """`content` of any size under AES-256-GCM, after its random nonce of 12 bytes.

    It is bound to `owner`, the public id of its row: moved to another one it can't be read.
    """
    nonce = secrets.token_bytes(NONCE)
    return nonce + _aes().encrypt(nonce, content, owner.encode())


def unseal_content(sealed: bytes, *, owner: str) -> bytes:
    """What `seal_content` was given for this owner; raises `Unreadable`."""
    try:
        return _aes().decrypt(sealed[:NONCE], sealed[NONCE:], owner.encode())
    except (InvalidTag, ValueError) as error:  # ValueError: not even a nonce
        raise Unreadable from error


def keyed_digest(purpose: str, text: str) -> bytes:
    """HMAC-SHA-256 of `text` with a key for `purpose`: for what is only ever compared and has so
    few possible values that a plain hash would give it away. 32 bytes."""
    return hmac.digest(_key(purpose), text.encode(), "sha256")


def _fernet() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("sealing")))


def _aes() -> AESGCM:
    return AESGCM(_key("contents"))


def _key(purpose: str) -> bytes:
    """32 bytes for one purpose alone."""
    return _derived(purpose, current_app.config["DATA_ENCRYPTION_KEY"])


@lru_cache(maxsize=8)
def _derived(purpose: str, secret: str) -> bytes:
    """Kept at hand: an import needs it millions of times."""
    return hashlib.sha256(f"outorga.{purpose}:{secret}".encode()).digest()
