"""Where the parameters of an authorization request stand: in the address, in a request object that
comes with it (RFC 9101), or here, under a name that we gave (RFC 9126)."""

from collections.abc import Mapping
from datetime import datetime

from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oidc.core.errors import InvalidRequestURIError
from werkzeug.datastructures import MultiDict

from idp import outbound
from idp.extensions import release
from idp.oauth.authorization import pushed, request_objects
from idp.oauth.clients import RegisteredClient, signatures
from idp.oauth.request import Payload

OBJECT = "application/oauth-authz-req+jwt, application/jwt"  # RFC 9101 section 10.8
# What a request is made of. Nothing else is kept: not what the client proves itself with.
PARAMETERS = (
    *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "response_mode"),
    *("code_challenge", "code_challenge_method", "prompt", "max_age", "display", "ui_locales"),
    *("claims_locales", "id_token_hint", "login_hint", "acr_values", "claims", "resource"),
    *("authorization_details", "dpop_jkt"),
)


def is_packed(payload: Payload) -> bool:
    """Whether it comes in a request object, by value or by an address of the client's."""
    reference = payload.data.get("request_uri")
    return "request" in payload.data or (reference is not None and not pushed.is_name(reference))


def unpacked(payload: Payload, client: RegisteredClient, *, at: datetime) -> Payload:
    """What stands in the request object, and nothing else (RFC 9101 section 6.3).

    Raises `OAuth2Error`. The client's host may be asked: no connection is held meanwhile.
    """
    data = payload.data
    if "request" in data and "request_uri" in data:
        raise InvalidRequestError("request and request_uri exclude each other.")
    release()
    text = data["request"] if "request" in data else _fetched(data["request_uri"], client)
    return of(request_objects.parameters_of(text, client, at=at))


def _fetched(request_uri: str, client: RegisteredClient) -> str:
    """Only what the client registered, character by character: nobody chooses whom we ask."""
    if request_uri not in client.metadata.request_uris:
        raise InvalidRequestURIError("request_uri is not one that the client registered.")
    try:
        address = request_uri.partition("#")[0]  # a fragment is for caches (Core section 6.2)
        answer = outbound.get(address, accept=OBJECT, maximum_bytes=signatures.MAXIMUM_LENGTH)
    except outbound.Unreachable as error:
        raise InvalidRequestURIError("The request object could not be read.") from error
    return answer.body.decode("ascii", "replace").strip()


def kept_of(payload: Payload) -> dict[str, str]:
    """What is kept of a request that was checked."""
    return {name: payload.data[name] for name in PARAMETERS if name in payload.data}


def of(parameters: Mapping[str, str]) -> Payload:
    """Parameters that came in JSON, where each has one value."""
    return Payload(MultiDict(parameters))
