"""Random names and secrets, and the hash under which a secret is kept."""

import hashlib
import secrets


def public_id(prefix: str) -> str:
    """A name that may be shown but not guessed: `g_` and 128 random bits in base64url."""
    return f"{prefix}_{secrets.token_urlsafe(16)}"


def secret_token() -> str:
    """256 random bits in base64url, for cookies, codes and refresh tokens."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """SHA-256 of a high-entropy secret: all that the database keeps of it (ASVS 5.0 6.5.2).

    Never for passwords: those have little entropy and go through argon2id.
    """
    return hashlib.sha256(secret.encode()).digest()
