"""Grants that are too many for a token (OpenID Connect Core section 5.6.2, distributed claims).

In their place stands where they are to be had, with an access token that opens that and nothing
more. The answer there holds every one of them: nothing is ever cut short.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from idp.extensions import release
from idp.oauth import keys, subjects
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.clients import RegisteredClient
from idp.oauth.scopes import GRANTS
from idp.oauth.tokens import access_tokens
from idp.oauth.tokens.access_tokens import Claims
from idp.oauth.tokens.encryption import encrypted
from idp.oauth.tokens.live import LivePerson

PATH = "/oauth/claims"
SOURCE = "outorga"
TYPE = "claims+jwt"  # of its own, so that no answer passes for an ID Token
MEDIA_TYPE = "application/jwt"
SET = "installation_set"


def elsewhere(said: Claims, access_token: str, *, at: datetime) -> Claims:
    """`said` as it is while its grants are told one by one; else with their source.

    `access_token` is the one that goes along with the answer, or that it was asked for with.
    """
    if all(detail["type"] != SET for detail in said.get(GRANTS, ())):
        return said
    source: dict[str, Any] = {
        "endpoint": f"{current_app.config['ISSUER']}{PATH}",
        "access_token": access_tokens.for_grants(access_token, at=at).token,
    }
    rest = {name: value for name, value in said.items() if name != GRANTS}
    return {**rest, "_claim_names": {GRANTS: SOURCE}, "_claim_sources": {SOURCE: source}}


def written(
    grants: Sequence[Detail], person: LivePerson, client: RegisteredClient, *, at: datetime
) -> str:
    """The JWT with the whole claim, signed and encrypted as the client's ID Tokens are."""
    metadata = client.metadata
    said = subjects.told({"sub": str(person.tax_id), GRANTS: grants}, client)
    issued = {
        "iss": current_app.config["ISSUER"],
        "aud": client.client_id,
        "iat": int(at.timestamp()),
    }
    algorithm = metadata.id_token_signed_response_alg
    token = keys.sign({**issued, **said}, algorithm=algorithm, kind=TYPE)
    if not metadata.id_token_encrypted_response_alg:
        return token
    release()  # the client's keys may have to be asked for
    return encrypted(
        token,
        client,
        algorithm=metadata.id_token_encrypted_response_alg,
        encoding=metadata.id_token_encrypted_response_enc,
    )
