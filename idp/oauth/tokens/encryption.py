"""What we tell an application, encrypted so that it alone can read it (RFC 7516).

With a key of its own that fits the registered algorithm: RSA-OAEP-256 or ECDH-ES, and A256GCM for
the contents. What is signed is signed first (OpenID Connect Core section 10.2).
"""

import json
from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from joserfc import jwe
from joserfc.jwk import Key

from idp.oauth.clients import RegisteredClient
from idp.oauth.clients import keys as client_keys

JWT = "JWT"


class NoKey(OAuth2Error):  # type: ignore[misc]
    """The client's key set is out of reach, or holds nothing that fits."""

    error = "invalid_request"
    description = "The client registered encryption, and no key for it can be found."


def check_key(client: RegisteredClient) -> None:
    """Raises `NoKey` where an ID Token couldn't be encrypted. May ask another host, so it stands
    before anything is locked or used up; what it finds is kept at hand."""
    algorithm = client.metadata.id_token_encrypted_response_alg
    if algorithm:
        _key(client, algorithm)


def encrypted(token: str, client: RegisteredClient, *, algorithm: str, encoding: str) -> str:
    """A signed JWT as a nested one (RFC 7519 section 5.2: `cty` says so); raises `NoKey`."""
    return _written(token.encode(), client, algorithm, encoding, {"cty": JWT})


def encrypted_claims(
    claims: Mapping[str, Any], client: RegisteredClient, *, algorithm: str, encoding: str
) -> str:
    """Claims that are encrypted only; raises `NoKey`."""
    return _written(json.dumps(claims).encode(), client, algorithm, encoding, {})


def _written(
    content: bytes, client: RegisteredClient, algorithm: str, encoding: str, more: dict[str, str]
) -> str:
    key = _key(client, algorithm)
    header: dict[str, Any] = {"alg": algorithm, "enc": encoding, **more}
    if key.kid:
        header["kid"] = key.kid
    return jwe.encrypt_compact(header, content, key, [algorithm, encoding])


def _key(client: RegisteredClient, algorithm: str) -> Key:
    fitting = client_keys.find(client, None, algorithm, use="enc")
    if not fitting:
        raise NoKey()
    return fitting[0]
