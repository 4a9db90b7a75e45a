"""`/oauth/revoke` (RFC 7009)."""

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error

from idp import clock
from idp.extensions import transaction
from idp.machine import Answer, MachineRequest, endpoint
from idp.oauth import cross_origin
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import authentication
from idp.oauth.refusals import refusal
from idp.oauth.request import Request
from idp.oauth.tokens import revocations


@endpoint(blueprint, "/oauth/revoke", "POST")
@cross_origin.readable
def revoke(asked: MachineRequest) -> Answer:
    """200 for every token, known or not: the client's purpose is reached (section 2.2)."""
    try:
        request = Request(asked)
        client = authentication.authenticate(request)
        token = request.payload.data.get("token")
        if token is None:
            raise InvalidRequestError("token is missing.")
    except OAuth2Error as error:
        return refusal(error)
    with transaction():
        revocations.revoke(token, client, at=clock.now())
    return Answer()
