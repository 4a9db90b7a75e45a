"""What a token exchange asks for, checked by its form alone (RFC 8693 section 2.1)."""

from dataclasses import dataclass

from authlib.oauth2.rfc6749 import InvalidRequestError, UnauthorizedClientError

from idp.oauth.authorization import authorization_details
from idp.oauth.authorization.authorization_details import Asked
from idp.oauth.binding import Binding
from idp.oauth.clients import RegisteredClient
from idp.oauth.clients.vocabulary import TOKEN_EXCHANGE
from idp.oauth.errors import InvalidAuthorizationDetails, InvalidTarget
from idp.oauth.request import Payload

GRANT_HANDLE = "urn:outorga:token-type:grant"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type's name


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """One that can be served, if the actor may."""

    client: RegisteredClient
    grant_id: str
    actor_token: str
    resource: str
    scope: str  # empty: whatever of the actor token's can go along
    binding: Binding  # what the new token is bound to
    narrowed: Asked | None  # RFC 9396 section 6: a part of the grant; None: all of it


def check(payload: Payload, client: RegisteredClient, binding: Binding) -> ExchangeRequest:
    """Raises `OAuth2Error`: invalid_request for what is missing or of another type (section 2.2.2).

    Whose token it is counts, and so does who brings it: a client that can't prove who it is has
    no use for grants.
    """
    if client.metadata.is_public or not client.check_grant_type(TOKEN_EXCHANGE):
        raise UnauthorizedClientError("The client is not registered for this grant type.")
    data = payload.data
    for name, kind in (("subject_token", GRANT_HANDLE), ("actor_token", ACCESS_TOKEN)):
        if not data.get(name):
            raise InvalidRequestError(f"{name} is missing.")
        if data.get(f"{name}_type") != kind:
            raise InvalidRequestError(f"{name}_type is missing or not supported.")
    if data.get("requested_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
        raise InvalidRequestError("Only access tokens can be asked for.")
    resource = _target(payload, client)
    return ExchangeRequest(
        client=client,
        grant_id=data["subject_token"],
        actor_token=data["actor_token"],
        resource=resource,
        scope=data.get("scope", ""),
        binding=binding,
        narrowed=_narrowed(data.get("authorization_details"), resource, client),
    )


def _target(payload: Payload, client: RegisteredClient) -> str:
    """`resource` or, as its other name, `audience`: one of them (RFC 9068 wants one audience)."""
    named = {payload.data[name] for name in ("resource", "audience") if name in payload.data}
    if len(named) > 1:
        raise InvalidTarget("Only one resource can be asked for.")
    target = named.pop() if named else client.default_resource()
    if not client.may_target(target):
        raise InvalidTarget()
    return target


def _narrowed(text: str | None, resource: str, client: RegisteredClient) -> Asked | None:
    if text is None:
        return None
    asked = authorization_details.parse(text, client)
    if len(asked) != 1:  # there is one grant
        raise InvalidAuthorizationDetails()
    if asked[0].locations is not None and resource not in asked[0].locations:
        raise InvalidAuthorizationDetails()
    return asked[0]
