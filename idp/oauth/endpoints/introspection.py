"""`/oauth/introspect` (RFC 7662, RFC 9396 section 9.2): does this token hold, now, and for what?"""

from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

from idp import clock
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.oauth import clients, subjects
from idp.oauth.binding import Binding
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import RegisteredClient, authentication
from idp.oauth.clients.authentication import ClientUnknown
from idp.oauth.refusals import refusal
from idp.oauth.request import Request
from idp.oauth.tokens import access_tokens, introspected, live

INACTIVE = {"active": False}


@endpoint(blueprint, "/oauth/introspect", "POST")
def introspect(asked: MachineRequest) -> Answer:
    """`{"active": false}` and nothing else for whatever doesn't hold or isn't the caller's."""
    try:
        request = Request(asked)
        client = authentication.authenticate(request)
        if client.metadata.is_public:
            raise ClientUnknown()
        token = request.payload.data.get("token")
        if token is None:
            raise InvalidRequestError("token is missing.")
    except OAuth2Error as error:
        return refusal(error)
    at = clock.now()
    state = _state(token, client, at)
    if introspected.is_wanted(asked.headers.get("Accept", "")):
        return introspected.answer(state, client, at=at)
    return json_answer(state)


def _state(token: str, client: RegisteredClient, at: datetime) -> dict[str, Any]:
    claims = access_tokens.read_access_token(token, at=at)
    if claims is None or not _may_ask(client, claims):
        return INACTIVE
    if access_tokens.authorization_of(claims) is None:
        return INACTIVE if live.is_revoked(claims) else _active(claims)
    details = live.find_details(claims, at=at)
    if details is None:
        return INACTIVE
    if "authorization_details" in claims:
        claims["authorization_details"] = details
    return _active(claims)


def _may_ask(client: RegisteredClient, claims: access_tokens.Claims) -> bool:
    """A resource server whose resource it is for, the client that it was issued to, or the one that
    it is meant for: another's token, brought by whoever got hold of it, opens nothing."""
    return (
        (client.metadata.introspect and client.may_target(claims["aud"]))
        or claims["client_id"] == client.client_id
        or claims["aud"] == client.client_id
    )


def _active(claims: access_tokens.Claims) -> dict[str, Any]:
    """In the names that the token itself has, whoever asks."""
    client = clients.find(claims["client_id"])
    said = subjects.told(claims, client) if client else claims
    return {"active": True, "token_type": Binding.of(claims).token_type, **said}
