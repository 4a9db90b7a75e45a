"""`/oauth/userinfo` (OpenID Connect Core section 5.3, RFC 6750)."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from flask import Response, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.extensions import csrf
from idp.oauth import authorization_details, claims, live, tokens
from idp.oauth.blueprint import blueprint
from idp.oauth.errors import InsufficientScope, InvalidToken
from idp.oauth.server import answer

REALM = 'Bearer realm="outorga"'


@blueprint.route("/oauth/userinfo", methods=["GET", "POST"])
def userinfo() -> ResponseReturnValue:
    """The claims that the token's scopes open; 401 as soon as it is revoked or its session ends."""
    try:
        return answer(_claims(_bearer()))
    except OAuth2Error as error:
        return _refusal(error)


csrf.exempt(userinfo)


def _claims(token: str) -> claims.Claims:
    at = clock.now()
    read = tokens.read_access_token(token, at=at)
    if read is None or tokens.authorization_of(read) is None:
        raise InvalidToken()
    scopes = read.get("scope", "").split()
    if "openid" not in scopes:
        raise InsufficientScope()
    person = live.find_person(read, at=at)
    if person is None:
        raise InvalidToken()
    grants = authorization_details.of_account(person, at=at) if "grants" in scopes else None
    return claims.in_user_info(person, scopes, grants)


class NoToken(OAuth2Error):  # type: ignore[misc]
    """RFC 6750 section 3.1: a request without any token is told nothing but the scheme."""

    status_code = HTTPStatus.UNAUTHORIZED


def _bearer() -> str:
    """From the header or a form's body, not both, never from the address (RFC 6750 section 2)."""
    header = request.headers.get("Authorization", "")
    in_body = request.form.getlist("access_token") if request.method == "POST" else []
    scheme, _, token = header.partition(" ")
    in_header = [token.strip()] if scheme.lower() == "bearer" else []
    given = [*in_header, *in_body]
    if not given:
        raise NoToken()
    if len(given) > 1:
        raise InvalidRequestError("The access token was given more than once.")
    return given[0]


def _refusal(error: OAuth2Error) -> Response:
    body = {} if isinstance(error, NoToken) else dict(error.get_body())
    response = answer(body, error.status_code)
    detail = "".join(f', {name}="{text}"' for name, text in body.items())
    response.headers["WWW-Authenticate"] = REALM + detail
    return response
