"""The signature algorithms that we sign with (RFC 7518 section 3, RFC 8037 section 3.1).

Directly over `cryptography`, for our own keys alone: a signature should cost what its arithmetic
costs. What others sign is read by joserfc.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

RSA_BITS = 2048
P256_BYTES = 32  # of each half of a signature (RFC 7518 section 3.4)
HASH = SHA256()
ECDSA = ec.ECDSA(HASH)
PKCS1 = padding.PKCS1v15()
PSS = padding.PSS(padding.MGF1(HASH), HASH.digest_size)  # RFC 7518 section 3.5


@dataclass(frozen=True, slots=True)
class Algorithm:
    """How to do it with a key of `cryptography`: `check` raises `InvalidSignature`, `digest` is the
    hash that `at_hash` is made with."""

    generate: Callable[[dict[str, Any]], Key]
    read: Callable[[Any], Key]  # from a JWK
    sign: Callable[[Any, bytes], bytes]
    check: Callable[[Any, bytes, bytes], None]
    digest: Callable[[bytes], Any]


def _generate_ec(parameters: Any) -> Key:
    return ECKey.generate_key("P-256", parameters, auto_kid=True)


def _generate_rsa(parameters: Any) -> Key:
    return RSAKey.generate_key(RSA_BITS, parameters, auto_kid=True)


def _generate_ed25519(parameters: Any) -> Key:
    return OKPKey.generate_key("Ed25519", parameters, auto_kid=True)


def _sign_es256(key: Any, message: bytes) -> bytes:
    """JWS wants both numbers side by side, OpenSSL gives them in DER."""
    r, s = decode_dss_signature(key.sign(message, ECDSA))
    return r.to_bytes(P256_BYTES, "big") + s.to_bytes(P256_BYTES, "big")


def _check_es256(key: Any, signature: bytes, message: bytes) -> None:
    if len(signature) != 2 * P256_BYTES:
        raise InvalidSignature
    halves = (signature[:P256_BYTES], signature[P256_BYTES:])
    r, s = (int.from_bytes(half, "big") for half in halves)
    key.verify(encode_dss_signature(r, s), message, ECDSA)


def _sign_rs256(key: Any, message: bytes) -> bytes:
    return bytes(key.sign(message, PKCS1, HASH))


def _check_rs256(key: Any, signature: bytes, message: bytes) -> None:
    key.verify(signature, message, PKCS1, HASH)


def _sign_ps256(key: Any, message: bytes) -> bytes:
    return bytes(key.sign(message, PSS, HASH))


def _check_ps256(key: Any, signature: bytes, message: bytes) -> None:
    key.verify(signature, message, PSS, HASH)


def _sign_eddsa(key: Any, message: bytes) -> bytes:
    return bytes(key.sign(message))


def _check_eddsa(key: Any, signature: bytes, message: bytes) -> None:
    key.verify(signature, message)


# A key pair each, RS256 and PS256 too: `alg` in the JWKS then says the one thing that a key is for.
BY_NAME: Mapping[str, Algorithm] = MappingProxyType(
    {
        "ES256": Algorithm(
            _generate_ec, ECKey.import_key, _sign_es256, _check_es256, hashlib.sha256
        ),
        "RS256": Algorithm(
            _generate_rsa, RSAKey.import_key, _sign_rs256, _check_rs256, hashlib.sha256
        ),
        "PS256": Algorithm(
            _generate_rsa, RSAKey.import_key, _sign_ps256, _check_ps256, hashlib.sha256
        ),
        "EdDSA": Algorithm(  # Ed25519 hashes with SHA-512 (RFC 8032 section 5.1)
            _generate_ed25519, OKPKey.import_key, _sign_eddsa, _check_eddsa, hashlib.sha512
        ),
    }
)
ALGORITHMS = tuple(BY_NAME)
