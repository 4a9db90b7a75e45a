"""Encryption at rest for what must be read back: signing keys, TOTP seeds, people's documents."""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE = 12  # bytes, the one length that GCM is meant for (NIST SP 800-38D section 8.2)


class Unreadable(Exception):
    """It was sealed with another DATA_ENCRYPTION_KEY or for another row, or was changed."""


def seal(plain: str) -> str:
    """Encrypt and authenticate `plain` with a key derived from DATA_ENCRYPTION_KEY."""
    return _fernet(_secrets()[0]).encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given; raises `Unreadable`."""
    try:
        return (
            MultiFernet([_fernet(secret) for secret in _secrets()])
            .decrypt(sealed.encode())
            .decode()
        )
    except InvalidToken as error:
        raise Unreadable from error


def resealed(sealed: str) -> str | None:
    """The same under today's DATA_ENCRYPTION_KEY; None if it is already. Raises `Unreadable`."""
    try:
        _fernet(_secrets()[0]).decrypt(sealed)
    except InvalidToken:
        return seal(unseal(sealed))
    return None


def seal_content(content: bytes, *, owner: str) -> bytes:
    """`content` of any size under AES-256-GCM, after its random nonce of 12 bytes.

    It is bound to `owner`, the public id of its row: moved to another one it can't be read.
    """
    nonce = secrets.token_bytes(NONCE)
    return nonce + _aes(_secrets()[0]).encrypt(nonce, content, owner.encode())


def unseal_content(sealed: bytes, *, owner: str) -> bytes:
    """What `seal_content` was given for this owner; raises `Unreadable`."""
    for secret in _secrets():
        content = _opened(sealed, owner, secret)
        if content is not None:
            return content
    raise Unreadable


def resealed_content(sealed: bytes, *, owner: str) -> bytes | None:
    """The same under today's DATA_ENCRYPTION_KEY; None if it is already. Raises `Unreadable`."""
    if _opened(sealed, owner, _secrets()[0]) is not None:
        return None
    return seal_content(unseal_content(sealed, owner=owner), owner=owner)


def keyed_digest(purpose: str, text: str) -> bytes:
    """HMAC-SHA-256 of `text` with a key for `purpose`: for what is only ever compared and has so
    few possible values that a plain hash would give it away. 32 bytes."""
    return hmac.digest(_derived(purpose, _secrets()[0]), text.encode(), "sha256")


def _opened(sealed: bytes, owner: str, secret: str) -> bytes | None:
    try:
        return _aes(secret).decrypt(sealed[:NONCE], sealed[NONCE:], owner.encode())
    except (InvalidTag, ValueError):  # ValueError: not even a nonce
        return None


def _secrets() -> list[str]:
    """Today's, which seals, and before a change is through the one that it takes over from."""
    config = current_app.config
    previous = config["DATA_ENCRYPTION_KEY_PREVIOUS"]
    return [config["DATA_ENCRYPTION_KEY"], *([previous] if previous else [])]


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived("sealing", secret)))


def _aes(secret: str) -> AESGCM:
    return AESGCM(_derived("contents", secret))


@lru_cache(maxsize=8)
def _derived(purpose: str, secret: str) -> bytes:
    """32 bytes for one purpose alone; kept at hand: an import needs it millions of times."""
    return hashlib.sha256(f"outorga.{purpose}:{secret}".encode()).digest()
