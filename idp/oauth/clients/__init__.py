"""Registered applications, how they prove to be themselves, and what they are registered with."""

from idp.oauth.clients.metadata import ClientMetadata
from idp.oauth.clients.registered import (
    RegisteredClient,
    change,
    disable,
    everyone,
    find,
    init_app,
    register,
    row_of,
)
from idp.oauth.clients.vocabulary import (
    AUTHENTICATION_METHODS,
    GRANT_TYPES,
    ID_TOKEN_ALGORITHMS,
)

__all__ = [
    "AUTHENTICATION_METHODS",
    "GRANT_TYPES",
    "ID_TOKEN_ALGORITHMS",
    "ClientMetadata",
    "RegisteredClient",
    "change",
    "disable",
    "everyone",
    "find",
    "init_app",
    "register",
    "row_of",
]
