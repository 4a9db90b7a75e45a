"""Compact JWS (RFC 7515) of our own making: written with one of our keys, read back by one of them.

The header is the same for every token of a key and a type, so it is encoded once. A token is ours
only when its header is that one, byte for byte: `alg`, `jwk`, `jku`, `x5u`, `crit` and whatever
else a stranger may write into a header are never even looked at.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from idp.base64url import decoded, encoded
from idp.oauth.keys import rings
from idp.oauth.keys.rings import OwnKey

Claims = dict[str, Any]

MAXIMUM_LENGTH = 16_384  # characters; ours stay far below
MAXIMUM_HEADER = 512
MAXIMUM_KNOWN = 10_000  # tokens: about 2 MB

_dumps = json.JSONEncoder(separators=(",", ":")).encode

# SHA-256 of tokens whose signature was found good, with the key: what can never change. Whether
# the key still counts, the token has expired or was revoked is asked each time.
_known: dict[bytes, OwnKey] = {}


def sign(claims: Mapping[str, Any], *, algorithm: str, kind: str) -> str:
    """A compact JWS of `claims` with `typ` = `kind`, by the key that signs now."""
    key = rings.ring().signing[algorithm]
    signed = f"{_header(key.kid, algorithm, kind)}.{encoded(_dumps(claims).encode())}"
    return f"{signed}.{encoded(key.sign(signed.encode()))}"


def verified(token: str, *, kind: str) -> Claims | None:
    """The claims of a JWS that we signed with `typ` = `kind`, else None."""
    if len(token) > MAXIMUM_LENGTH or not token.isascii():
        return None
    header, _, rest = token.partition(".")
    payload, _, signature = rest.partition(".")
    key = _key_of(header, kind) if len(header) <= MAXIMUM_HEADER else None
    if key is None or not _is_signed(token, key, signature):
        return None
    claims = json.loads(decoded(payload))  # what we signed ourselves is a JSON object
    return dict(claims)


def _key_of(header: str, kind: str) -> OwnKey | None:
    """The key that a header of ours names; its algorithm is the key's own."""
    kid = _kid(header)
    key = rings.find(kid) if kid else None
    if key is None or header != _header(key.kid, key.algorithm, kind):
        return None
    return key


def _is_signed(token: str, key: OwnKey, signature: str) -> bool:
    digest = hashlib.sha256(token.encode()).digest()
    if _known.get(digest) is key:
        return True
    try:
        raw = decoded(signature)
    except ValueError:
        return False
    signed = token[: -len(signature) - 1].encode()
    if encoded(raw) != signature or not key.is_signature(raw, signed):
        return False
    if len(_known) >= MAXIMUM_KNOWN:
        _known.clear()
    _known[digest] = key
    return True


@lru_cache(maxsize=256)
def _header(kid: str, algorithm: str, kind: str) -> str:
    return encoded(_dumps({"typ": kind, "alg": algorithm, "kid": kid}).encode())


@lru_cache(maxsize=256)
def _kid(header: str) -> str:
    """The `kid` in a header, empty where there is none."""
    try:
        kid = json.loads(decoded(header))["kid"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""
    return kid if isinstance(kid, str) else ""
