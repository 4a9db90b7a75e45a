"""Access tokens that come back to us: we are their reader (RFC 6750, 9449, RFC 9068 section 4)."""

from datetime import datetime

from authlib.oauth2.rfc6749 import OAuth2Error

from idp.machine.answers import Header
from idp.oauth import dpop, resources, senders
from idp.oauth.errors import InsufficientScope, InvalidToken
from idp.oauth.senders import Asked, Shown
from idp.oauth.tokens import access_tokens, live, step_up
from idp.oauth.tokens.access_tokens import Claims
from idp.oauth.tokens.live import LivePerson

REALM = 'realm="outorga"'
ALGORITHMS = f'algs="{" ".join(dpop.ALGORITHMS)}"'


def read(shown: Shown, asked: Asked, *, at: datetime) -> Claims:
    """The claims of a token of ours that has not expired, shown by whom it is bound to; raises
    `InvalidToken`, and for a bound one as `senders.check_shown`."""
    claims = access_tokens.read_access_token(shown.token, at=at)
    if claims is None:
        raise InvalidToken()
    senders.check_shown(claims, shown, asked, at=at)
    return claims


def get_person(claims: Claims, *, scope: str, at: datetime) -> LivePerson:
    """Whose token it is, asked of the database; raises `InsufficientScope`, or `InvalidToken` for
    a client's own, for one in a holder's name, which speaks of two people, and for a person's as
    soon as it is revoked or its session ends; `InsufficientUserAuthentication` where the scope is
    a sensitive one and the sign-in was not enough for it."""
    if access_tokens.authorization_of(claims) is None or "act" in claims:
        raise InvalidToken()
    if scope not in claims.get("scope", "").split():
        raise InsufficientScope()
    person = live.find_person(claims, at=at)
    if person is None:
        raise InvalidToken()
    step_up.check(claims, (scope,), at=at)
    return person


def challenges(error: OAuth2Error | None, shown: Shown | None, path: str) -> list[Header]:
    """WWW-Authenticate for each way in which a token may be shown, the one that was tried first and
    with what was wrong (RFC 6750 section 3, RFC 9449 section 7); None: no token was given. `path`
    is that of the API, whose metadata are named (RFC 9728 section 5.1)."""
    body = dict(error.get_body()) if error else {}
    body["resource_metadata"] = resources.metadata_address(path)
    told = REALM + "".join(f', {name}="{text}"' for name, text in body.items())
    if shown is not None and shown.scheme == senders.DPOP:
        return [("WWW-Authenticate", f"DPoP {told}, {ALGORITHMS}")]
    return [("WWW-Authenticate", f"Bearer {told}"), ("WWW-Authenticate", f"DPoP {ALGORITHMS}")]
