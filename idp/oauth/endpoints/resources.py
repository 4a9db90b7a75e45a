"""`/.well-known/oauth-protected-resource…` (RFC 9728): a document for each of our own APIs."""

import json
from functools import lru_cache
from typing import Any

from flask import current_app

from idp.machine import Answer, MachineRequest, endpoint
from idp.oauth import dpop, resources
from idp.oauth.authorization.authorization_details import TYPE
from idp.oauth.blueprint import blueprint
from idp.oauth.endpoints.metadata import METADATA_MAX_AGE, document


@endpoint(blueprint, f"{resources.WELL_KNOWN}{resources.ISSUER}", "GET")
def protected_resource(_asked: MachineRequest) -> Answer:
    """All that is ours."""
    return _metadata(resources.ISSUER)


@endpoint(blueprint, f"{resources.WELL_KNOWN}{resources.USER_INFO}", "GET")
def protected_user_info(_asked: MachineRequest) -> Answer:
    """UserInfo."""
    return _metadata(resources.USER_INFO)


@endpoint(blueprint, f"{resources.WELL_KNOWN}{resources.ACCESS}", "GET")
def protected_access(_asked: MachineRequest) -> Answer:
    """Online decisions and searches."""
    return _metadata(resources.ACCESS)


@endpoint(blueprint, f"{resources.WELL_KNOWN}{resources.API}", "GET")
def protected_api(_asked: MachineRequest) -> Answer:
    """The JSON API."""
    return _metadata(resources.API)


def _metadata(path: str) -> Answer:
    return document(_made(current_app.config["ISSUER"], path), METADATA_MAX_AGE)


@lru_cache
def _made(issuer: str, path: str) -> bytes:
    """RFC 9728 section 2."""
    resource = resources.ALL[path]
    made: dict[str, Any] = {
        "resource": f"{issuer}{path}",
        "authorization_servers": [issuer],
        "scopes_supported": list(resource.scopes),
        "bearer_methods_supported": list(resource.methods),
        "resource_name": resource.name,
        "dpop_signing_alg_values_supported": list(dpop.ALGORITHMS),
        "dpop_bound_access_tokens_required": False,
        "authorization_details_types_supported": [TYPE],
    }
    if resource.signs:
        made["jwks_uri"] = f"{issuer}/oauth/jwks"
    return json.dumps(made, separators=(",", ":")).encode()
