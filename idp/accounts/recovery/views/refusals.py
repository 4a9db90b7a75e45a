"""A page for a link that opens nothing (any more)."""

from http import HTTPStatus

from flask import Response, make_response, render_template

from idp.accounts.errors import LinkExpired, LinkInvalid, LinkUsed
from idp.errors import DomainError
from idp.extensions import db
from idp.http_errors import status_of

LINK_ERRORS = (LinkExpired, LinkInvalid, LinkUsed)


def link_refused(
    error: DomainError, template: str = "accounts/recovery/link_refused.html"
) -> Response:
    """The page with the status of `error`; 410 where time has passed."""
    db.session.rollback()
    gone = isinstance(error, LinkExpired)
    status = HTTPStatus.GONE if gone else status_of(error)
    return make_response(render_template(template, error=error), status)
