"""JSON Web Key Sets that clients bring (RFC 7517), before anything is done with them."""

import json
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

MAXIMUM_KEYS = 20
DEEPEST = 6  # of lists and objects; set, keys, key and a list are four
MINIMUM_MODULUS = 342  # base64url characters of 2048 bits (RFC 7518 sections 3.3 and 4.2)
# Members of a JWK that are secret (RFC 7518 section 6): a key with one of them is given away.
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
KINDS = frozenset({"RSA", "EC", "OKP"})

Key = RSAKey | ECKey | OKPKey


def is_public(jwks: Mapping[str, Any]) -> bool:
    """Whether every key of the set is one that we can use, and gives no secret away."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= MAXIMUM_KEYS or not _can_be_kept(jwks):
        return False
    return all(isinstance(each, dict) and not PRIVATE & each.keys() for each in keys) and len(
        usable(jwks)
    ) == len(keys)


def _can_be_kept(jwks: Mapping[str, Any]) -> bool:
    """Whether PostgreSQL takes it, and we ourselves later on: no NUL, no half of a character, no
    infinite number and no nest, in whatever member."""
    if not _is_shallow(jwks, DEEPEST):
        return False
    try:
        written = json.dumps(jwks, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        return False
    return b"\\u0000" not in written


def _is_shallow(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(each, levels - 1) for each in inner)


def usable(jwks: Mapping[str, Any]) -> tuple[Key, ...]:
    """The public keys among the first of the set; what is unknown or too weak is passed over
    (RFC 7517 section 5)."""
    keys = jwks.get("keys")
    found = map(_key, keys[:MAXIMUM_KEYS]) if isinstance(keys, list) else ()
    return tuple(key for key in found if key is not None)


def _key(jwk: Any) -> Key | None:
    if not isinstance(jwk, dict) or PRIVATE & jwk.keys():
        return None
    kind = jwk.get("kty")
    if not isinstance(kind, str) or kind not in KINDS:
        return None
    if kind == "RSA" and len(str(jwk.get("n"))) < MINIMUM_MODULUS:  # joserfc would warn
        return None
    try:
        key = import_key(jwk)
        _public = key.public_key  # read only now
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key  # type: ignore[return-value]
