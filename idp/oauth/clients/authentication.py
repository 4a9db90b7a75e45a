"""Who is calling: client authentication (RFC 6749 sections 2.3 and 3.2.1).

In place of Authlib's own, which takes a malformed header for a fault of the server and lets a
client try several methods in one request.
"""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidRequestError
from flask import current_app

from idp import clock
from idp.extensions import release
from idp.oauth import clients
from idp.oauth.clients import RegisteredClient, assertions, certificates, keys
from idp.oauth.clients.vocabulary import AUTHENTICATION_METHODS, PUBLIC, WITH_CERTIFICATE
from idp.oauth.request import Request

MAXIMUM_SECRET = 1024
Proven = tuple[RegisteredClient | None, str]  # a client, and the method it used


class ClientUnknown(InvalidClientError):  # type: ignore[misc]
    """Always the same answer, whether id, secret or method was wrong."""

    description = "Client authentication failed."
    status_code = HTTPStatus.UNAUTHORIZED


def methods() -> tuple[str, ...]:
    """Those that work here: by certificate only where a proxy tells us of one."""
    config = current_app.config
    missing = set() if config["CLIENT_CERTIFICATE_HEADER"] else set(WITH_CERTIFICATE)
    if not config["CLIENT_CERTIFICATE_AUTHORITIES"]:
        missing.add("tls_client_auth")
    return tuple(each for each in AUTHENTICATION_METHODS if each not in missing)


def authenticate(request: Request) -> RegisteredClient:
    """The client that proves to be itself by the method it registered, or names itself if public.

    Raises `ClientUnknown`, or invalid_request when it uses two methods at once.
    """
    request.check_nothing_repeated()
    form = request.payload.data
    header = request.headers.get("Authorization", "")
    if bool(header) + ("client_secret" in form) + ("client_assertion" in form) > 1:
        raise InvalidRequestError("More than one method of client authentication was used.")
    if header:
        client_id, secret = _basic(header, form)
        client, method = _with_secret(client_id, secret, "client_secret_basic")
    elif "client_secret" in form:
        secret = form["client_secret"]
        client, method = _with_secret(form.get("client_id", ""), secret, "client_secret_post")
    elif "client_assertion" in form or "client_assertion_type" in form:
        client, method = _with_assertion(form)
    else:
        client, method = _without_words(request, form.get("client_id", ""))
    if client is None or not client.check_endpoint_auth_method(method, "token"):
        raise ClientUnknown()
    request.auth_method = method
    _prepare(client)
    return client


def _prepare(client: RegisteredClient) -> None:
    """Have the keys that its ID Tokens are encrypted for at hand: now no transaction waits."""
    if client.metadata.id_token_encrypted_response_alg:
        release()
        keys.of(client)


def _with_secret(client_id: str, secret: str, method: str) -> Proven:
    client = clients.find(client_id)
    if client is None or not client.check_client_secret(secret[:MAXIMUM_SECRET]):
        raise ClientUnknown()
    return client, method


def _with_assertion(form: Mapping[str, str]) -> Proven:
    try:
        return assertions.authenticate(form, clock.now())
    except assertions.NotProven as error:
        raise ClientUnknown() from error


def _without_words(request: Request, client_id: str) -> Proven:
    """By the certificate of the connection (RFC 8705 section 2), or not at all."""
    client = clients.find(client_id)
    method = client.metadata.token_endpoint_auth_method if client else ""
    if client is None or method not in WITH_CERTIFICATE:
        return client, PUBLIC
    release()  # its keys may have to be fetched
    if not certificates.is_proven(request, client, clock.now()):
        raise ClientUnknown()
    return client, method


def _basic(header: str, form: Mapping[str, str]) -> tuple[str, str]:
    """Id and secret, each form-urlencoded inside the header (RFC 6749 section 2.3.1); a client_id
    in the form has to be the same."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        raise ClientUnknown()
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ClientUnknown() from error
    client_id, secret = map(unquote_plus, text.partition(":")[::2])
    if form.get("client_id", client_id) != client_id:
        raise ClientUnknown()
    return client_id, secret
