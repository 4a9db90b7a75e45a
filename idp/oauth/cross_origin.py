"""Let applications that run in a browser read our answers (Fetch standard, CORS).

Only endpoints that take no cookie: the token endpoint, UserInfo and revocation. Never the
authorization endpoint (FAPI 2.0 section 5.3.2.2).
"""

from flask import Response, request

OPEN = frozenset({"oauth.token", "oauth.userinfo", "oauth.revoke"})
ALLOWED = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "600",
}


def allow_reading(response: Response) -> Response:
    """After a request of the blueprint."""
    if request.endpoint in OPEN:
        response.headers.update(ALLOWED)
        response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate"
    return response
