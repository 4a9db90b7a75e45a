"""`/oauth/token` (RFC 6749 section 3.2)."""

from flask.typing import ResponseReturnValue

from idp.extensions import csrf, transaction
from idp.oauth.blueprint import blueprint
from idp.oauth.server import server


@blueprint.post("/oauth/token")
def token() -> ResponseReturnValue:
    """The one commit comes last, for refusals too: a replayed code ends its authorization."""
    with transaction():
        return server.create_token_response()


csrf.exempt(token)
