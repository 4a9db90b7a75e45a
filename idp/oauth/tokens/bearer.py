"""Access tokens that come back to us: we are their reader (RFC 6750, RFC 9068 section 4)."""

from datetime import datetime

from authlib.oauth2.rfc6749 import OAuth2Error

from idp.oauth.errors import InsufficientScope, InvalidToken
from idp.oauth.tokens import access_tokens, live
from idp.oauth.tokens.access_tokens import Claims
from idp.oauth.tokens.live import LivePerson

REALM = 'Bearer realm="outorga"'


def read(token: str, *, at: datetime) -> Claims:
    """The claims of a token of ours that has not expired; raises `InvalidToken`."""
    claims = access_tokens.read_access_token(token, at=at)
    if claims is None:
        raise InvalidToken()
    return claims


def get_person(claims: Claims, *, scope: str, at: datetime) -> LivePerson:
    """Whose token it is, asked of the database; raises `InsufficientScope`, or `InvalidToken` for
    a client's own, for one in a holder's name, which speaks of two people, and for a person's as
    soon as it is revoked or its session ends."""
    if access_tokens.authorization_of(claims) is None or "act" in claims:
        raise InvalidToken()
    if scope not in claims.get("scope", "").split():
        raise InsufficientScope()
    person = live.find_person(claims, at=at)
    if person is None:
        raise InvalidToken()
    return person


def challenge(error: OAuth2Error | None) -> str:
    """The value of WWW-Authenticate (RFC 6750 section 3); None: no token was given."""
    body = dict(error.get_body()) if error else {}
    return REALM + "".join(f', {name}="{text}"' for name, text in body.items())
