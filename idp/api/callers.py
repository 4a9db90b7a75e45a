"""Who is calling: an application for itself, or for a person who authorised it (RFC 6750, 9449).

Only tokens that are meant for us count, of either kind: an API that is shown an application's
token for its own address can't speak here in the application's name.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import request

from idp.oauth import clients, resources, senders
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InsufficientScope, InvalidToken
from idp.oauth.scopes import GRANT_USES as SCOPE
from idp.oauth.tokens import access_tokens, bearer, live

__all__ = ["SCOPE", "Caller", "NoToken", "identify"]


class NoToken(OAuth2Error):  # type: ignore[misc]
    """RFC 6750 section 3.1: the challenge then names no error."""

    error = "token_missing"
    description = "An access token is needed in the Authorization header."
    status_code = HTTPStatus.UNAUTHORIZED


@dataclass(frozen=True, slots=True)
class Caller:
    """An application, and for whom it calls."""

    client: RegisteredClient
    person: int | None  # the account; None: the application calls for itself

    @property
    def key(self) -> str:
        """What its allowance is counted by: one person can't use up that of the others."""
        return f"{self.client.client_id}:{self.person or ''}"


def identify(at: datetime) -> Caller:
    """The caller of this request; raises `NoToken`, `InvalidToken` or `InsufficientScope`."""
    shown = senders.find_shown(request.headers.get("Authorization", ""))
    if shown is None:
        raise NoToken()
    claims = bearer.read(shown, request, at=at)
    client = clients.find(claims["client_id"])
    if client is None or not resources.is_meant_for(claims, resources.API):
        raise InvalidToken()
    if access_tokens.authorization_of(claims) is not None:
        return Caller(client, bearer.get_person(claims, scope=SCOPE, at=at).id)
    if live.is_revoked(claims):
        raise InvalidToken()
    if SCOPE not in claims.get("scope", "").split():
        raise InsufficientScope()
    return Caller(client, None)
