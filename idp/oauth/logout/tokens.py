"""Logout tokens (Back-Channel Logout section 2.4): "this session is over", for one application."""

import secrets
from datetime import datetime

from flask import current_app

from idp.oauth import keys
from idp.oauth.clients import RegisteredClient
from idp.oauth.tokens import encryption

LOGOUT_TOKEN_TYPE = "logout+jwt"  # noqa: S105 - a type's name; with it nobody takes it for another
EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS = 120  # section 2.4: at most two minutes
JTI_BYTES = 16


def issue(client: RegisteredClient, *, subject: str, sid: str, at: datetime) -> str:
    """Signed like the ID Tokens of this application.

    It always has `sid`, whether the application requires it or not: without one it would have to
    end every session of the person. It never has a `nonce`.
    """
    issued_at = int(at.timestamp())
    claims = {
        "iss": current_app.config["ISSUER"],
        "aud": client.client_id,
        "iat": issued_at,
        "exp": issued_at + SECONDS,
        "jti": secrets.token_urlsafe(JTI_BYTES),
        "sub": subject,
        "sid": sid,
        "events": {EVENT: {}},
    }
    algorithm = client.metadata.id_token_signed_response_alg
    return keys.sign(claims, algorithm=algorithm, kind=LOGOUT_TOKEN_TYPE)


def encrypted(token: str, client: RegisteredClient) -> str:
    """The same as it is sent: encrypted for an application whose ID Tokens are. Raises `NoKey`, and
    may ask another host for the key."""
    metadata = client.metadata
    if not metadata.id_token_encrypted_response_alg:
        return token
    return encryption.encrypted(
        token,
        client,
        algorithm=metadata.id_token_encrypted_response_alg,
        encoding=metadata.id_token_encrypted_response_enc,
    )
