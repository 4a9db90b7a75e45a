"""Security headers on every answer.

`form-action` also governs the redirects that follow a posted form, so a page that ends in a
redirect to a client names that client's origin with `allow_form_redirect` (CSP 3, section 6.4.1).
A page that shows a client's logo names the origin of that with `allow_image`.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{images}; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'{origins}"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


HSTS = ("Strict-Transport-Security", "max-age=63072000")


def init_app(app: Flask) -> None:
    """Add the headers after every request."""
    app.after_request(add_headers)


def allow_form_redirect(uri: str) -> None:
    """Let the forms of this page lead on to the origin of `uri`, a registered redirect URI."""
    g.setdefault("form_origins", set()).add(_origin(uri))


def allow_image(uri: str) -> None:
    """Let this page show an image of the origin of `uri`, a registered logo."""
    g.setdefault("image_origins", set()).add(_origin(uri))


def add_headers(response: Response) -> Response:
    """The policy for this page, and nothing personal in any cache."""
    policy = POLICY.format(images=_allowed("image_origins"), origins=_allowed("form_origins"))
    response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault(*HSTS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache
def for_machines(is_secure: bool) -> tuple[tuple[str, str], ...]:
    """The same for an answer that is no page: names and values."""
    always = (("Content-Security-Policy", POLICY.format(images="", origins="")), *FIXED.items())
    return (*always, HSTS) if is_secure else always


def _allowed(what: str) -> str:
    return "".join(f" {origin}" for origin in sorted(g.get(what, ())))


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
