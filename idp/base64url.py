"""base64url without padding (RFC 7515 section 2), as JWTs, thumbprints and nonces are written."""

from base64 import urlsafe_b64decode, urlsafe_b64encode


def encoded(data: bytes) -> str:
    """Four characters for three bytes."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes again; raises ValueError for a length that nothing encodes to. Characters that are
    out of place are passed over: compare with `encoded` where there may be only one spelling."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
