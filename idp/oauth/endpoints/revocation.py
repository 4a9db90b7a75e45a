"""`/oauth/revoke` (RFC 7009)."""

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from flask import Response, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.extensions import csrf, transaction
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import authentication
from idp.oauth.request import Request
from idp.oauth.server import NEVER_KEPT, refusal
from idp.oauth.tokens import revocations


@blueprint.post("/oauth/revoke")
def revoke() -> ResponseReturnValue:
    """200 for every token, known or not: the client's purpose is reached (section 2.2)."""
    try:
        asked = Request(request)
        client = authentication.authenticate(asked)
        token = asked.payload.data.get("token")
        if token is None:
            raise InvalidRequestError("token is missing.")
    except OAuth2Error as error:
        return refusal(error)
    with transaction():
        revocations.revoke(token, client, at=clock.now())
    return Response(headers=NEVER_KEPT)


csrf.exempt(revoke)
