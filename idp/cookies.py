"""Cookies that hold a secret: begun or ended anywhere in a request, written with its answer.

Behind https their names begin with `__Host-`: no subdomain can plant somebody else's (RFC 6265bis
section 4.1.3).
"""

from typing import Literal

from flask import current_app, g
from werkzeug.wrappers import Response


def name_of(what: str) -> str:
    """`__Host-session` for `session`; without https `session_token`."""
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    return f"__Host-{what}" if is_secure else f"{what}_token"


def write(
    response: Response,
    what: str,
    *,
    seconds: int | None,
    same_site: Literal["Lax", "Strict"] = "Lax",
) -> Response:
    """Set what this request left in `g` as `<what>_cookie`, for so long or (None) until the browser
    is closed; empty takes it off."""
    token = g.pop(f"{what}_cookie", None)
    if token is not None:
        response.set_cookie(
            name_of(what),
            token,
            max_age=seconds if token else 0,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite=same_site,
            path="/",
        )
    return response
