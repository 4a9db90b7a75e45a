"""`/oauth/token` (RFC 6749 section 3.2)."""

from idp.extensions import transaction
from idp.machine import Answer, MachineRequest, endpoint
from idp.oauth import cross_origin, dpop
from idp.oauth.blueprint import blueprint
from idp.oauth.server import server


@endpoint(blueprint, "/oauth/token", "POST")
@cross_origin.readable
@dpop.telling_nonce
def token(asked: MachineRequest) -> Answer:
    """The one commit comes last, for refusals too: a replayed code ends its authorization."""
    with transaction():
        return server.create_token_response(asked)
