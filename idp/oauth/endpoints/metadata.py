"""Discovery, RFC 8414 metadata and the JWKS: documents made once and served as they are."""

import json
from collections.abc import Sequence
from functools import lru_cache

from flask import current_app

from idp.accounts.sessions import ACR_ONE_FACTOR, ACR_TWO_FACTORS
from idp.machine import Answer, MachineRequest, endpoint
from idp.oauth import clients, dpop, keys, resources
from idp.oauth.authorization.authorization_details import TYPE
from idp.oauth.authorization.checks import DISPLAYS, PROMPTS
from idp.oauth.authorization.request_objects import NONE
from idp.oauth.authorization.responses import MODES
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import authentication
from idp.oauth.clients.vocabulary import (
    CLIENT_ALGORITHMS,
    DELIVERY_MODES,
    ENCRYPTION_ALGORITHMS,
    ENCRYPTION_ENCODINGS,
    PUBLIC,
    SECRET_ALGORITHMS,
    SUBJECT_TYPES,
)
from idp.oauth.scopes import SCOPES

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
    made = {
        "issuer": issuer,
        **_addresses(issuer),
        "protected_resources": [f"{issuer}{path}" for path in resources.ALL],
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(MODES),
        "grant_types_supported": list(clients.GRANT_TYPES),
        "subject_types_supported": list(SUBJECT_TYPES),
        "id_token_signing_alg_values_supported": list(clients.ID_TOKEN_ALGORITHMS),
        "id_token_encryption_alg_values_supported": list(ENCRYPTION_ALGORITHMS),
        "id_token_encryption_enc_values_supported": list(ENCRYPTION_ENCODINGS),
        "userinfo_signing_alg_values_supported": list(clients.ID_TOKEN_ALGORITHMS),
        "userinfo_encryption_alg_values_supported": list(ENCRYPTION_ALGORITHMS),
        "userinfo_encryption_enc_values_supported": list(ENCRYPTION_ENCODINGS),
        "introspection_signing_alg_values_supported": list(clients.ID_TOKEN_ALGORITHMS),
        **_authentication("token", methods),
        **_authentication("revocation", methods),
        **_authentication("introspection", [each for each in methods if each != PUBLIC]),
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": True,
        "authorization_response_iss_parameter_supported": True,
        "authorization_details_types_supported": [TYPE],
        "claims_supported": _claims(),
        "claim_types_supported": ["normal", "distributed"],
        "acr_values_supported": [ACR_ONE_FACTOR, ACR_TWO_FACTORS],
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": list(locales),
        "display_values_supported": list(DISPLAYS),
        "claims_parameter_supported": True,
        "authorization_signing_alg_values_supported": list(keys.ALGORITHMS),
        "require_pushed_authorization_requests": False,
        "backchannel_token_delivery_modes_supported": list(DELIVERY_MODES),
        "backchannel_user_code_parameter_supported": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": False,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "request_object_signing_alg_values_supported": [*CLIENT_ALGORITHMS, NONE],
    }
    return json.dumps(made, separators=(",", ":")).encode()


def _authentication(kind: str, methods: Sequence[str]) -> dict[str, list[str]]:
    """How clients prove themselves at this endpoint, and what they may sign with."""
    return {
        f"{kind}_endpoint_auth_methods_supported": list(methods),
        f"{kind}_endpoint_auth_signing_alg_values_supported": [
            *CLIENT_ALGORITHMS,
            *SECRET_ALGORITHMS,
        ],
    }


def _addresses(issuer: str) -> dict[str, str]:
    paths = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "pushed_authorization_request_endpoint": "par",
        "device_authorization_endpoint": "device",
        "backchannel_authentication_endpoint": "backchannel-authentication",
        "userinfo_endpoint": "userinfo",
        "introspection_endpoint": "introspect",
        "revocation_endpoint": "revoke",
        "end_session_endpoint": "logout",
        "registration_endpoint": "register",
        "jwks_uri": "jwks",
    }
    return {name: f"{issuer}/oauth/{path}" for name, path in paths.items()}


def _claims() -> list[str]:
    own = ["iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash"]
    return [*dict.fromkeys(claim for claims in SCOPES.values() for claim in claims), *own]
