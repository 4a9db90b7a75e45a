"""The public keys of a client: those it registered, or those at its `jwks_uri`.

Both may ask another host: call them before a transaction begins, or after `release`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal

from joserfc.jwk import Key, KeySet

from idp import outbound
from idp.oauth.clients import key_sets
from idp.oauth.clients.registered import RegisteredClient

Use = Literal["sig", "enc"]

ACCEPT = "application/jwk-set+json, application/json"
MAXIMUM_BYTES = 64 * 1024  # of a key set
# Algorithm → key type and curve; None: any curve that the type has.
FITTING: Mapping[str, tuple[str, frozenset[str] | None]] = {
    "RS256": ("RSA", None),
    "PS256": ("RSA", None),
    "ES256": ("EC", frozenset({"P-256"})),
    "EdDSA": ("OKP", frozenset({"Ed25519"})),
    "RSA-OAEP-256": ("RSA", None),
}
AGREEING = {"EC": frozenset({"P-256", "P-384", "P-521"}), "OKP": frozenset({"X25519", "X448"})}


def of(client: RegisteredClient) -> KeySet:
    """All that we can use; empty when it has none, or they can't be had."""
    return KeySet(list(_known(client, again=False)))


def find(client: RegisteredClient, kid: str | None, algorithm: str, *, use: Use) -> list[Key]:
    """The keys for this algorithm and use, and of this `kid` if one is named.

    A `kid` that is unknown may have been published since: then `jwks_uri` is asked again.
    """
    found = _fitting(_known(client, again=False), kid, algorithm, use)
    if not found and client.metadata.jwks_uri:
        found = _fitting(_known(client, again=True), kid, algorithm, use)
    return found


def _known(client: RegisteredClient, *, again: bool) -> tuple[Key, ...]:
    metadata = client.metadata
    if metadata.jwks is not None:
        return _imported(json.dumps(metadata.jwks, sort_keys=True).encode())
    if not metadata.jwks_uri:
        return ()
    ask = outbound.cached_again if again else outbound.cached
    try:
        return _imported(ask(metadata.jwks_uri, accept=ACCEPT, maximum_bytes=MAXIMUM_BYTES))
    except outbound.Unreachable:
        return ()


@lru_cache(maxsize=1024)
def _imported(jwks: bytes) -> tuple[Key, ...]:
    """Kept at hand: importing a key takes longer than using it."""
    try:
        parsed = json.loads(jwks)
    except (ValueError, RecursionError):
        return ()
    return key_sets.usable(parsed) if isinstance(parsed, dict) else ()


def _fitting(keys: Iterable[Key], kid: str | None, algorithm: str, use: Use) -> list[Key]:
    return [
        key
        for key in keys
        if (kid is None or key.kid == kid)
        and key.get("use", use) == use
        and key.get("alg", algorithm) == algorithm
        and _is_for(key, algorithm)
    ]


def _is_for(key: Key, algorithm: str) -> bool:
    curve: Any = key.get("crv")
    if algorithm == "ECDH-ES":
        return curve in AGREEING.get(key.key_type, ())
    kind, curves = FITTING.get(algorithm, ("", None))
    return key.key_type == kind and (curves is None or curve in curves)
