"""Who is calling: client authentication (RFC 6749 sections 2.3 and 3.2.1).

In place of Authlib's own, which takes a malformed header for a fault of the server and lets a
client try several methods in one request.
"""

import base64
import binascii
from http import HTTPStatus
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError

from idp.oauth import clients
from idp.oauth.clients import RegisteredClient
from idp.oauth.request import Request

MAXIMUM_SECRET = 1024


class ClientUnknown(InvalidClientError):  # type: ignore[misc]
    """Always the same answer, whether id, secret or method was wrong."""

    description = "Client authentication failed."
    status_code = HTTPStatus.UNAUTHORIZED


def authenticate(request: Request) -> RegisteredClient:
    """The client that proves to be itself by the method it registered, or names itself if public.

    Raises `ClientUnknown`, or invalid_request when it uses two methods at once.
    """
    request.check_nothing_repeated()
    form = request.payload.data
    header = request.headers.get("Authorization", "")
    if header:
        if "client_secret" in form:
            raise InvalidRequestError("More than one method of client authentication was used.")
        client_id, secret = _basic(header)
        if form.get("client_id", client_id) != client_id:
            raise ClientUnknown()
        method = "client_secret_basic"
    else:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        method = "client_secret_post" if secret else "none"
    request.auth_method = method
    return _checked(client_id, secret, method)


def _checked(client_id: str, secret: str, method: str) -> RegisteredClient:
    client = clients.find(client_id)
    if client is None or not client.check_endpoint_auth_method(method, "token"):
        raise ClientUnknown()
    if method != "none" and not client.check_client_secret(secret[:MAXIMUM_SECRET]):
        raise ClientUnknown()
    return client


def _basic(header: str) -> tuple[str, str]:
    """Id and secret, each form-urlencoded inside the header (RFC 6749 section 2.3.1)."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        raise ClientUnknown()
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ClientUnknown() from error
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)
