"""Let applications that run in a browser read our answers (Fetch standard, CORS).

Only endpoints that take no cookie, and only for pages of registered applications: whoever else has
a page has no business there. Never the authorization endpoint (RFC 9700 section 2.6).
"""

from functools import wraps

from flask import Response, request

from idp.machine import Answer, MachineRequest
from idp.machine.seam import Handler
from idp.oauth.clients import origins

OPEN = frozenset(
    {
        "oauth.token",
        "oauth.userinfo",
        "oauth.distributed_claims",
        "oauth.revoke",
        "oauth.push_request",
        "oauth.register",
        "oauth.registered_client",
    }
)
HEADER = "Access-Control-Allow-Origin"
ORIGIN = {HEADER: "*"}  # of what every page may read
ALLOWED = {
    **ORIGIN,
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
    "Access-Control-Max-Age": "600",
}
MANAGING = "GET, POST, PUT, DELETE"
DEPENDS = ("Vary", "Origin")  # no cache may give one page the answer to another
EXPOSED = ("Access-Control-Expose-Headers", "DPoP-Nonce, WWW-Authenticate")


def readable(handler: Handler) -> Handler:
    """Let a registered application in a browser read what the decorated handler answers."""

    @wraps(handler)
    def reading(asked: MachineRequest) -> Answer:
        return readable_by(asked.headers.get("Origin", ""), handler(asked))

    return reading


def readable_by(origin: str, answer: Answer) -> Answer:
    """The same answer, for a page of this origin if it is a registered application's."""
    if origin and origins.is_registered(origin):
        return answer.adding([(HEADER, origin), EXPOSED, DEPENDS])
    return answer.adding([DEPENDS])


def allow_asking(response: Response) -> Response:
    """After a request: the answer to a preflight (Fetch standard section 3.3.5)."""
    if request.method != "OPTIONS" or request.endpoint not in OPEN:
        return response
    response.headers.add(*DEPENDS)
    origin = request.headers.get("Origin", "")
    if origin and origins.is_registered(origin):
        response.headers.update({**ALLOWED, HEADER: origin})
        if request.endpoint == "oauth.registered_client":
            response.headers["Access-Control-Allow-Methods"] = MANAGING
    return response
