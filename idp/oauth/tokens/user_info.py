"""UserInfo in the shape that the application registered (OpenID Connect Core section 5.3.2)."""

from datetime import datetime

from flask import current_app

from idp.extensions import release
from idp.machine import Answer, json_answer
from idp.oauth import keys
from idp.oauth.clients import RegisteredClient
from idp.oauth.tokens import encryption
from idp.oauth.tokens.access_tokens import Claims

TYPE = "userinfo+jwt"  # of its own, so that no answer passes for an ID Token
MEDIA_TYPE = "application/jwt"


def answer(claims: Claims, client: RegisteredClient, *, at: datetime) -> Answer:
    """JSON; or a JWT, signed, encrypted or both. Raises `encryption.NoKey`."""
    metadata = client.metadata
    signing = metadata.userinfo_signed_response_alg
    algorithm = metadata.userinfo_encrypted_response_alg
    if not signing and not algorithm:
        return json_answer(claims)
    release()  # the client's keys may have to be asked for
    if not signing:
        told = encryption.encrypted_claims(
            claims, client, algorithm=algorithm, encoding=metadata.userinfo_encrypted_response_enc
        )
        return Answer(told.encode(), content_type=MEDIA_TYPE)
    issued = {"iss": current_app.config["ISSUER"], "aud": client.client_id}
    times = {"iat": int(at.timestamp())}
    told = keys.sign({**issued, **times, **claims}, algorithm=signing, kind=TYPE)
    if algorithm:
        told = encryption.encrypted(
            told, client, algorithm=algorithm, encoding=metadata.userinfo_encrypted_response_enc
        )
    return Answer(told.encode(), content_type=MEDIA_TYPE)
