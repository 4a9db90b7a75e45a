"""Segunda via: a billing application that relies on Outorga for sign-in and for delegated access.

Read `provider.py` first: it holds all that an application has to know of Outorga.
"""

import os
from http import HTTPStatus

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect

from examples.segunda_via import provider, sessions, views

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self' {issuer}"  # signing out posts here and is redirected to the provider
)


def create_app() -> Flask:
    """The application; settings come from the environment, KeyError names a missing one."""
    app = Flask(__name__)
    names = ("ISSUER", "APPLICATION", "CLIENT_ID", "CLIENT_SECRET", "SECRET_KEY")
    app.config.update({name: os.environ[name] for name in names})
    app.config.update(
        SESSION_COOKIE_NAME="segunda_via",  # cookies ignore ports: not the provider's name
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=app.config["APPLICATION"].startswith("https://"),
        MAX_CONTENT_LENGTH=16 * 1024,
    )
    app.before_request(refuse_nameless)  # before the CSRF protection reads the form
    CSRFProtect(app)
    sessions.init_app(app)
    provider.init_app(app)
    app.register_blueprint(views.blueprint)
    app.register_error_handler(provider.Unreachable, views.provider_unreachable)
    app.after_request(add_headers)
    return app


def refuse_nameless() -> None:
    """400 for a form with a part that has no name (RFC 7578 section 4.2)."""
    if None in request.form:
        abort(HTTPStatus.BAD_REQUEST)


def add_headers(response: Response) -> Response:
    """No script at all, no framing, and nobody's bills in a cache."""
    issuer = os.environ["ISSUER"]
    response.headers["Content-Security-Policy"] = POLICY.format(issuer=issuer)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
