"""Request objects (RFC 9101, OpenID Connect Core section 6): an authorization request as a JWT that
the client signed.

What is not in the object does not count (RFC 9101 section 6.3), so nobody between the client and us
can add to it. An object without a signature is taken only of a client registered for exactly that.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from authlib.oidc.core.errors import InvalidRequestObjectError
from flask import current_app

from idp.extensions import release
from idp.oauth.clients import RegisteredClient, signatures
from idp.oauth.clients.signatures import NotSigned
from idp.oauth.clients.vocabulary import CLIENT_ALGORITHMS, FAPI_ALGORITHMS

CLOCK_SLACK = timedelta(seconds=60)
NEVER = 253_402_300_800  # the year 10000, in seconds since 1970; what JSON writes as 1e400 is later
NONE = "none"
TYPES = frozenset({"oauth-authz-req+jwt", "jwt"})  # RFC 9101 section 10.8, and what many write
# About the object, not part of the request (RFC 7519 section 4.1).
ABOUT = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
NESTED = frozenset({"request", "request_uri"})  # RFC 9101 section 4: never inside


class InvalidRequestObject(InvalidRequestObjectError):  # type: ignore[misc]
    """Unreadable, not signed as registered, for somebody else, or past its time: for a stranger it
    is all one."""

    description = "The request object is malformed, expired, not meant for us or wrongly signed."


def parameters_of(text: str, client: RegisteredClient, *, at: datetime) -> dict[str, str]:
    """The authorization request inside; raises `InvalidRequestObject`. May ask the client's host
    for its keys."""
    try:
        claims, is_signed = _opened(text, client)
    except NotSigned as error:
        raise InvalidRequestObject() from error
    must_say = client.metadata.fapi and is_signed
    if not (_is_for_us(claims, client, must_say=must_say) and _is_current(claims, at)):
        raise InvalidRequestObject()
    if NESTED & claims.keys():
        raise InvalidRequestObject()
    named = {name: _text(value) for name, value in claims.items() if name not in ABOUT}
    return {**named, "client_id": client.client_id}


def _opened(text: str, client: RegisteredClient) -> tuple[Mapping[str, Any], bool]:
    """The claims, and whether they are signed; raises `NotSigned` where they should be."""
    unverified = signatures.read(text)
    registered = client.metadata.request_object_signing_alg
    if not _is_of_type(unverified.header.get("typ")):
        raise NotSigned()
    if registered == NONE:
        if unverified.header.get("alg") != NONE or not text.endswith("."):
            raise NotSigned()
        return unverified.claims, False
    known = FAPI_ALGORITHMS if client.metadata.fapi else CLIENT_ALGORITHMS
    release()  # the client's keys may have to be asked for
    signatures.check(text, client, (registered,) if registered else known)
    return unverified.claims, True


def _is_of_type(kind: object) -> bool:
    """A JWT made for something else says so in its type, and is no request."""
    if kind is None:
        return True
    return isinstance(kind, str) and kind.lower().removeprefix("application/") in TYPES


def _is_for_us(claims: Mapping[str, Any], client: RegisteredClient, *, must_say: bool) -> bool:
    """`iss` and `aud` should be there (RFC 9101 section 4), which many clients don't know; where
    they are, they are right. `sub` is what tells a client's assertion from its request (10.8)."""
    issuer = current_app.config["ISSUER"]
    audience = claims.get("aud", None if must_say else issuer)
    audiences = audience if isinstance(audience, list) else [audience]
    own = client.client_id
    return bool(
        claims.get("iss", None if must_say else own) == own
        and issuer in audiences
        and claims.get("client_id", own) == own
        and claims.get("sub") != own
    )


def _is_current(claims: Mapping[str, Any], at: datetime) -> bool:
    soon = (at + CLOCK_SLACK).timestamp()
    moments = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
    if not all(type(each) in (int, float) and abs(each) < NEVER for each in moments.values()):
        return False
    return bool(
        moments.get("exp", soon) > at.timestamp()
        and moments.get("nbf", 0) <= soon
        and moments.get("iat", 0) <= soon
    )


def _text(value: object) -> str:
    """As it would stand in an address: JSON for what is structured (RFC 9101 section 4)."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value = value[0]  # `resource` may be a list
    if isinstance(value, str) and _is_whole(value):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value)
    if type(value) is int:
        return str(value)
    raise InvalidRequestObject()


def _is_whole(text: str) -> bool:
    """Whether it has no half of a surrogate pair in it, which JSON can name and nobody can send."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
