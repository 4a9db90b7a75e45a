"""Introspection's answer as a signed JWT (RFC 9701), for whoever must be able to prove it later."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from idp.machine import Answer
from idp.machine.answers import JSON
from idp.oauth import keys
from idp.oauth.clients import RegisteredClient

MEDIA_TYPE = "application/token-introspection+jwt"
FORMS = (MEDIA_TYPE, JSON)
TYPE = "token-introspection+jwt"  # section 5: never an access token, whoever reads it


def is_wanted(accept: str) -> bool:
    """Whether the `Accept` header names the signed form (section 4), and JSON no rather."""
    if MEDIA_TYPE not in accept.lower():
        return False
    return parse_accept_header(accept, MIMEAccept).best_match(FORMS) == MEDIA_TYPE


def answer(state: Mapping[str, Any], client: RegisteredClient, *, at: datetime) -> Answer:
    """For the resource server that asks, and no other (section 5); an inactive token's too."""
    claims = {
        "iss": current_app.config["ISSUER"],
        "aud": client.client_id,
        "iat": int(at.timestamp()),
        "token_introspection": state,
    }
    algorithm = client.metadata.introspection_signed_response_alg
    signed = keys.sign(claims, algorithm=algorithm, kind=TYPE)
    return Answer(signed.encode(), content_type=MEDIA_TYPE)
