"""Requests on their way in: brought by a browser, in one form or another, or pushed by a client."""

from datetime import datetime

from authlib.oauth2.rfc6749 import InvalidRequestError

from idp.oauth.authorization import pushed, requests, sources
from idp.oauth.authorization.responses import ReturnAddress, told_to
from idp.oauth.authorization.ways import IN_OBJECT, PUSHED, PUSHED_IN_OBJECT
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Payload


def open_(payload: Payload, *, at: datetime) -> requests.AuthorizationRequest:
    """`requests.check` when a browser brings it: of one that is kept, the person's time begins."""
    name = payload.data.get("request_uri", "")
    if pushed.is_name(name):
        pushed.open_(name, requests.known_client(payload), at=at)
    return requests.check(payload, at=at)


def unpack(payload: Payload, *, at: datetime) -> dict[str, str]:
    """Check and keep a request that a browser brings in a request object; returns the parameters
    under which it goes on. Raises as `requests.check` does."""
    client = requests.known_client(payload)
    with told_to(_find_return_address(payload, client)):  # what stands inside isn't known yet
        found = sources.unpacked(payload, client, at=at)
    requests.checked(found, client, IN_OBJECT)
    name = pushed.keep(sources.kept_of(found), client, at=at)
    return {"client_id": client.client_id, "request_uri": name}


def push(payload: Payload, client: RegisteredClient, *, key: str | None, at: datetime) -> str:
    """Check and keep a request that an authenticated client pushes, together with the thumbprint of
    the `key` that it holds (RFC 9449 section 10.1); returns its name. Raises `OAuth2Error`."""
    if "request_uri" in payload.data:
        raise InvalidRequestError("request_uri can't be pushed.")
    if payload.data.get("client_id", client.client_id) != client.client_id:
        raise InvalidRequestError("client_id is another client's.")
    if sources.is_packed(payload):
        payload, steps = sources.unpacked(payload, client, at=at), PUSHED_IN_OBJECT
    else:
        steps = PUSHED
    asked = requests.checked(payload, client, steps)
    if key is not None and asked.dpop_jkt not in {"", key}:
        raise InvalidRequestError("dpop_jkt is another key than that of the proof.")
    bound = {"dpop_jkt": key} if key is not None else {}
    return pushed.keep({**sources.kept_of(payload), **bound}, client, at=at)


def _find_return_address(payload: Payload, client: RegisteredClient) -> ReturnAddress | None:
    try:
        return requests.return_address(payload, client)
    except InvalidRequestError:
        return None
