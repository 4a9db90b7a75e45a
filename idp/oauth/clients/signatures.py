"""JWTs that clients signed, opened with the keys they registered (RFC 7515, RFC 8725).

Nothing that the header brings along (`jwk`, `jku`, `x5c`, `x5u`) is looked at, and the key decides
which algorithms are possible, never the header alone.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import Key, OctKey
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from idp.oauth.clients import keys, secrets
from idp.oauth.clients.registered import RegisteredClient
from idp.oauth.clients.vocabulary import CLIENT_ALGORITHMS, SECRET_ALGORITHMS

MAXIMUM_LENGTH = 64 * 1024  # characters


class NotSigned(Exception):
    """Malformed, by an algorithm that was not agreed on, or with none of the client's keys."""


@dataclass(frozen=True, slots=True)
class Unverified:
    """What a JWT says before anybody has looked at its signature."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


class Registry(JWSRegistry):
    """Our algorithms; joserfc warns of EdDSA by the name that clients use for it."""

    def get_alg(self, name: str) -> Any:
        """Raises for what we don't take."""
        if name not in (*CLIENT_ALGORITHMS, *SECRET_ALGORITHMS):
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


REGISTRY = Registry(strict_check_header=False)


def read(text: str) -> Unverified:
    """Its parts, not to be believed yet; raises `NotSigned`."""
    header, *rest = text.split(".") if len(text) <= MAXIMUM_LENGTH and text.isascii() else [""]
    match rest:
        case [claims, _signature]:
            return Unverified(_object(header), _object(claims))
        case _:
            raise NotSigned()


def check(text: str, client: RegisteredClient, algorithms: Collection[str]) -> None:
    """Raises `NotSigned` unless a key of `client` made the signature, by one of `algorithms`."""
    header = read(text).header
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise NotSigned()
    if "crit" in header or not isinstance(kid, str | None):
        raise NotSigned()
    if not any(_is_signed(text, key) for key in _keys(client, algorithm, kid)):
        raise NotSigned()


def _keys(client: RegisteredClient, algorithm: str, kid: str | None) -> list[Key]:
    if algorithm not in SECRET_ALGORITHMS:
        return keys.find(client, kid, algorithm, use="sig")
    secret = secrets.unsealed(client)
    return [OctKey.import_key(secret)] if secret else []


def _is_signed(text: str, key: Key) -> bool:
    try:
        jws.deserialize_compact(text, key, registry=REGISTRY)
    except (JoseError, ValueError, TypeError):
        return False
    return True


def _object(part: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(urlsafe_b64decode(part.encode()))
    except (ValueError, RecursionError) as error:
        raise NotSigned() from error
    if not isinstance(parsed, dict):
        raise NotSigned()
    return parsed
