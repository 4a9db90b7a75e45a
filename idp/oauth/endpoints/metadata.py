"""Discovery, RFC 8414 metadata and the JWKS: documents made once and served as they are."""

import json
from functools import lru_cache

from flask import current_app

from idp.machine import Answer, MachineRequest, endpoint
from idp.oauth import keys, provider_metadata
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import authentication

METADATA_MAX_AGE = 3600  # seconds


@endpoint(blueprint, "/.well-known/openid-configuration", "GET")
def openid_configuration(_asked: MachineRequest) -> Answer:
    """OpenID Connect Discovery 1.0 section 3."""
    return _metadata()


@endpoint(blueprint, "/.well-known/oauth-authorization-server", "GET")
def authorization_server(_asked: MachineRequest) -> Answer:
    """RFC 8414 section 2: the same data."""
    return _metadata()


@endpoint(blueprint, "/oauth/jwks", "GET")
def jwks(_asked: MachineRequest) -> Answer:
    """RFC 7517 section 5: keys that sign, will soon sign, or signed what has not expired."""
    return document(keys.ring().jwks, keys.JWKS_MAX_AGE)


def _metadata() -> Answer:
    config = current_app.config
    made = _made(config["ISSUER"], config["LOCALES"], authentication.methods())
    return document(made, METADATA_MAX_AGE)


@lru_cache(maxsize=8)
def document(body: bytes, max_age: int) -> Answer:
    """JSON that every page may read, and keep for `max_age` seconds."""
    kept = ("Cache-Control", f"public, max-age={max_age}")
    return Answer(body, headers=(kept, ("Access-Control-Allow-Origin", "*")))


@lru_cache
def _made(issuer: str, locales: tuple[str, ...], methods: tuple[str, ...]) -> bytes:
    members = provider_metadata.members(issuer, locales=locales, methods=methods)
    return json.dumps(members, separators=(",", ":")).encode()
