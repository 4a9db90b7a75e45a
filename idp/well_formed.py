"""What no browser and no client of ours sends is refused before anything reads it.

PostgreSQL's text can't hold NUL, so no address of a thing has one; and a part of a form without a
name (RFC 7578 section 4.2) would surprise everybody who looks for names.
"""

from http import HTTPStatus

from flask import Flask, abort, request

from idp.errors import NotFound


def init_app(app: Flask) -> None:
    """Look at every request first, before the CSRF protection reads its form."""
    app.before_request(check_request)


def check_request() -> None:
    """Raises `NotFound` for an address with NUL and 400 for a form with nameless parts."""
    if "\x00" in request.path:
        raise NotFound
    if request.method == "POST" and None in request.form:
        abort(HTTPStatus.BAD_REQUEST)
