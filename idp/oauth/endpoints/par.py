"""`/oauth/par` (RFC 9126): a client leaves its authorization request here, and gets its name."""

from http import HTTPStatus

from authlib.oauth2.rfc6749 import OAuth2Error

from idp import clock
from idp.client_address import network_of
from idp.extensions import transaction
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.oauth import cross_origin, dpop
from idp.oauth.authorization import keeping, pushed
from idp.oauth.blueprint import blueprint
from idp.oauth.clients import authentication
from idp.oauth.refusals import refusal
from idp.oauth.request import Request


@endpoint(blueprint, "/oauth/par", "POST")
@cross_origin.readable
@dpop.telling_nonce
def push_request(asked: MachineRequest) -> Answer:
    """Checked as the authorization endpoint would check it (section 2.1); 201 with the name."""
    try:
        request = Request(asked)
        client = authentication.authenticate(request)
        if client.metadata.is_public:
            pushed.UNPROVEN.hit(network_of(asked.environ.get("REMOTE_ADDR")))
        key = dpop.thumbprint_of(request, client)
        with transaction():
            name = keeping.push(request.payload, client, key=key, at=clock.now())
    except OAuth2Error as error:
        return refusal(error)
    seconds = int(pushed.UNOPENED_LIFE.total_seconds())
    return json_answer({"request_uri": name, "expires_in": seconds}, HTTPStatus.CREATED)
