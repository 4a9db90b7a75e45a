"""Let applications that run in a browser read our answers (Fetch standard, CORS).

Only endpoints that take no cookie: the token endpoint, UserInfo, revocation and pushed requests.
Never the authorization endpoint (FAPI 2.0 section 5.3.2.2).
"""

from functools import wraps

from flask import Response, request

from idp.machine import Answer, MachineRequest
from idp.machine.seam import Handler

OPEN = frozenset(
    {
        "oauth.token",
        "oauth.userinfo",
        "oauth.distributed_claims",
        "oauth.revoke",
        "oauth.push_request",
    }
)
ORIGIN = {"Access-Control-Allow-Origin": "*"}
ALLOWED = {
    **ORIGIN,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
    "Access-Control-Max-Age": "600",
}
READABLE = (*ORIGIN.items(), ("Access-Control-Expose-Headers", "DPoP-Nonce, WWW-Authenticate"))


def readable(handler: Handler) -> Handler:
    """Let an application in a browser read what the decorated handler answers."""

    @wraps(handler)
    def reading(asked: MachineRequest) -> Answer:
        return handler(asked).adding(READABLE)

    return reading


def allow_asking(response: Response) -> Response:
    """After a request: the answer to a preflight (Fetch standard section 3.3.5)."""
    if request.method == "OPTIONS" and request.endpoint in OPEN:
        response.headers.update(ALLOWED)
    return response
