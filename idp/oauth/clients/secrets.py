"""Secrets of clients: a hash is kept, or, where the secret is itself a key, the secret sealed."""

import hmac
from typing import TYPE_CHECKING

from idp import sealing
from idp.identifiers import digest, secret_token
from idp.oauth.clients.vocabulary import WITH_SECRET
from idp.oauth.errors import InvalidClientMetadata
from idp.oauth.models import Client

if TYPE_CHECKING:
    from idp.oauth.clients.metadata import ClientMetadata
    from idp.oauth.clients.registered import RegisteredClient

MINIMUM_KEY = 32  # bytes of an HS256 key (RFC 7518 section 3.2)
JWT = "client_secret_jwt"


def keep(row: Client, metadata: "ClientMetadata", secret: str | None = None) -> str | None:
    """Keep `secret`, or one made here, as the client's method needs it; None: it needs none.

    Raises `InvalidClientMetadata` for one that is too short to be a key.
    """
    method = metadata.token_endpoint_auth_method
    row.secret_hash = row.sealed_secret = None
    if method not in WITH_SECRET:
        return None
    secret = secret or secret_token()
    if method != JWT:
        row.secret_hash = digest(secret)
        return secret
    if len(secret.encode()) < MINIMUM_KEY:
        raise InvalidClientMetadata(field="client_secret")
    row.sealed_secret = sealing.seal(secret)
    return secret


def fits(row: Client, metadata: "ClientMetadata") -> bool:
    """Whether what is kept is what the client's method needs."""
    method = metadata.token_endpoint_auth_method
    if method not in WITH_SECRET:
        return row.secret_hash is None and row.sealed_secret is None
    return (row.sealed_secret if method == JWT else row.secret_hash) is not None


def is_of(row: Client, secret: str) -> bool:
    """Whether it is the client's, however that is kept; in constant time."""
    known = row.secret_hash
    if row.sealed_secret is not None:
        known = digest(sealing.unseal(row.sealed_secret))
    return known is not None and hmac.compare_digest(digest(secret), known)


def unsealed(client: "RegisteredClient") -> str | None:
    """The secret of a client of client_secret_jwt."""
    return sealing.unseal(client.sealed_secret) if client.sealed_secret else None
