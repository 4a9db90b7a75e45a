"""ID Tokens (OpenID Connect Core section 2): who signed in, for one client."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app

from idp import base64url
from idp.oauth import keys, subjects
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.redeemable import Authorized
from idp.oauth.clients import RegisteredClient
from idp.oauth.keys.algorithms import BY_NAME
from idp.oauth.tokens import claims
from idp.oauth.tokens.access_tokens import ID_TOKEN_TYPE, Claims, authentication_claims, read
from idp.oauth.tokens.distributed import elsewhere
from idp.oauth.tokens.encryption import encrypted


def issue(
    authorization: Authorized,
    *,
    client: RegisteredClient,
    scope: str,
    access_token: str,
    grants: Sequence[Detail] | None,
    nonce: str,
    at: datetime,
) -> str:
    """`aud` is a string: Authlib's logout endpoint never redirects for a list. `nonce` is empty on
    refresh (Core 12.2), while `auth_time`, `acr`, `amr` and `sid` stay those of the sign-in."""
    issued_at = int(at.timestamp())
    metadata, account = client.metadata, authorization.account
    algorithm = metadata.id_token_signed_response_alg
    said = claims.in_id_token(
        account, frozenset(scope.split()), authorization.claims_requested, grants
    )
    body: Claims = {
        "iss": current_app.config["ISSUER"],
        "aud": client.client_id,
        "iat": issued_at,
        "exp": issued_at + current_app.config["ID_TOKEN_SECONDS"],
        "at_hash": at_hash(access_token, algorithm),
        **authentication_claims(authorization),
        **subjects.told(elsewhere(said, access_token, at=at), client),
    }
    if nonce:
        body["nonce"] = nonce
    token = keys.sign(body, algorithm=algorithm, kind=ID_TOKEN_TYPE)
    if not metadata.id_token_encrypted_response_alg:
        return token
    return encrypted(
        token,
        client,
        algorithm=metadata.id_token_encrypted_response_alg,
        encoding=metadata.id_token_encrypted_response_enc,
    )


def read_hint(token: str) -> Claims | None:
    """The claims of an ID Token of ours, expired or not (RP-Initiated Logout section 2)."""
    return read(token, kind=ID_TOKEN_TYPE)


def at_hash(access_token: str, algorithm: str) -> str:
    """Left half of the hash that goes with the ID Token's `alg` (Core 3.1.3.6)."""
    digest = BY_NAME[algorithm].digest(access_token.encode()).digest()
    return base64url.encoded(digest[: len(digest) // 2])
