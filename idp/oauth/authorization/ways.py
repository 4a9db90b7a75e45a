"""What a request has to be besides, by the way in which it comes: in the address, in a request
object, or pushed. One that is kept came one of these ways before."""

from urllib.parse import urlencode

from authlib.oauth2.rfc6749 import InvalidRequestError

from idp.oauth.authorization.checks import STEPS
from idp.oauth.clients import RegisteredClient
from idp.oauth.errors import InvalidTarget
from idp.oauth.request import Payload

MAXIMUM_LENGTH = 3500  # of the whole query: it travels through the sign-in page's `next`
MAXIMUM_KEPT = 65_536  # characters of a request that is kept here


def check_nothing_repeated(payload: Payload, _client: RegisteredClient) -> None:
    """Nothing twice (RFC 8707 allows several resources, RFC 9068 wants one)."""
    if payload.repeated() - {"resource"}:
        raise InvalidRequestError("A parameter was given more than once.")
    if "resource" in payload.repeated():
        raise InvalidTarget("Only one resource can be asked for.")


def check_not_packed(payload: Payload, _client: RegisteredClient) -> None:
    """Request objects are opened where they come in, and nowhere else."""
    if {"request", "request_uri"} & payload.data.keys():
        raise InvalidRequestError("The request object stands in the wrong place.")


def check_short(payload: Payload, _client: RegisteredClient) -> None:
    """What stands in an address."""
    if len(urlencode(payload.data)) > MAXIMUM_LENGTH:
        raise InvalidRequestError("The request is too long: push it (RFC 9126).")


def check_keepable(payload: Payload, _client: RegisteredClient) -> None:
    """What is kept in the database is of a bearable length, and text."""
    texts = payload.data.values()
    if sum(map(len, texts)) > MAXIMUM_KEPT:
        raise InvalidRequestError("The request is too long.")
    if any("\x00" in text for text in texts):
        raise InvalidRequestError("A parameter is malformed.")


def check_may_come_unpushed(_payload: Payload, client: RegisteredClient) -> None:
    """RFC 9126 section 6, FAPI 2.0 section 5.3.2.2."""
    if client.metadata.require_pushed_authorization_requests or client.metadata.fapi:
        raise InvalidRequestError("The client has to push its requests.")


def check_may_come_unsigned(_payload: Payload, client: RegisteredClient) -> None:
    """RFC 9101 section 10.5."""
    if client.metadata.require_signed_request_object:
        raise InvalidRequestError("The client has to sign its requests.")


IN_ADDRESS = (
    check_nothing_repeated,
    check_not_packed,
    check_may_come_unpushed,
    check_may_come_unsigned,
    check_short,
    *STEPS,
)
IN_OBJECT = (check_may_come_unpushed, check_keepable, *STEPS)
PUSHED = (check_nothing_repeated, check_may_come_unsigned, check_keepable, *STEPS)
PUSHED_IN_OBJECT = (check_keepable, *STEPS)
