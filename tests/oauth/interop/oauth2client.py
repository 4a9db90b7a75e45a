"""Clients by requests-oauth2client, which is strict about `iss`, `state`, `nonce` and `at_hash`."""

from typing import Any

import requests
from jwskate import Jwk
from requests_oauth2client import AuthorizationRequest, BearerToken, ClientSecretBasic, OAuth2Client

from idp.oauth.clients import RegisteredClient
from tests.factories.oauth import REDIRECT_URI, SECRET
from tests.oauth.interop.conftest import SCOPE, Provider
from tests.oauth.interop.person import Person

KEY = Jwk.generate(alg="ES256").with_kid_thumbprint()
KEYS = {"jwks": {"keys": [dict(KEY.public_jwk())]}}
FAPI: dict[str, Any] = {
    **KEYS,
    "fapi": True,
    "token_endpoint_auth_method": "private_key_jwt",
    "require_pushed_authorization_requests": True,
    "dpop_bound_access_tokens": True,
    "id_token_signed_response_alg": "ES256",
    "authorization_signed_response_alg": "ES256",
}


ALSO = ("device_authorization_endpoint", "backchannel_authentication_endpoint")


def made(provider: Provider, auth: Any, **options: Any) -> OAuth2Client:
    """From what the provider says of itself; these two addresses it doesn't look for."""
    address = f"{provider.issuer}/.well-known/openid-configuration"
    metadata = requests.get(address, timeout=5).json()
    return OAuth2Client.from_discovery_document(
        metadata,
        issuer=provider.issuer,
        auth=auth,
        redirect_uri=REDIRECT_URI,
        authorization_server_jwks=requests.get(metadata["jwks_uri"], timeout=5).json(),
        **{name: metadata[name] for name in ALSO},
        **options,
    )


def with_secret(provider: Provider, client: RegisteredClient) -> OAuth2Client:
    return made(provider, ClientSecretBasic(client.client_id, SECRET))


def signed_in(client: OAuth2Client, person: Person, **asked: Any) -> BearerToken:
    request = client.authorization_request(scope=SCOPE, **asked)
    return finished(client, person, request)


def finished(client: OAuth2Client, person: Person, request: AuthorizationRequest) -> BearerToken:
    return client.authorization_code(request.validate_callback(person.walk(request.uri)))
