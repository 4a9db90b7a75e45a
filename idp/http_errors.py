"""The one place where a refusal becomes an HTTP status and a page, or problem details (RFC 9457).

OAuth endpoints answer with RFC 6749 errors of their own and never come through here, except when
the request can't be trusted enough to be sent back to its client.
"""

import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadHost, HTTPException

from idp.errors import Conflict, DomainError, NotAllowed, NotFound, TooManyAttempts
from idp.extensions import db

log = logging.getLogger(__name__)

API = "/api/"  # whoever asks below it is a program, whatever it accepts
PROBLEM = "application/problem+json"
RETRY_AFTER = "5"  # seconds, while the database is away
STATUS: dict[type[DomainError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
}


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, on_domain_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(BadHost, on_bad_host)
    app.register_error_handler(HTTPException, on_http_exception)
    app.register_error_handler(OperationalError, on_database_unavailable)
    app.register_error_handler(PoolTimeout, on_database_unavailable)
    app.register_error_handler(Exception, on_unexpected)


def status_of(error: DomainError) -> HTTPStatus:
    """The status of the nearest listed ancestor; 422 for a refusal that has none."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return HTTPStatus.UNPROCESSABLE_ENTITY


def on_domain_error(error: DomainError) -> ResponseReturnValue:
    """A refusal that no view turned into a message beside a field."""
    db.session.rollback()
    response = answer(status_of(error), error.code, str(error.text))
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def on_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """The form is too old or did not come from our own page."""
    text = _("This page was open for too long. Go back, reload it and try again.")
    return answer(HTTPStatus.BAD_REQUEST, "csrf_failed", text)


def on_bad_host(_error: BadHost) -> ResponseReturnValue:
    """A Host header that is no name: no link can be made from it, and so no page."""
    text = _("We can't do this as it was asked.")
    return problem(HTTPStatus.BAD_REQUEST, "bad_request", text)


def on_http_exception(error: HTTPException) -> ResponseReturnValue:
    """404, 405, 413 and their like from the routing."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    status = HTTPStatus(error.code)
    texts = {
        HTTPStatus.NOT_FOUND: str(NotFound.text),
        HTTPStatus.FORBIDDEN: str(NotAllowed.text),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That is more than we can take in one go."),
    }
    text = texts.get(status, _("We can't do this as it was asked."))
    response = answer(status, status.name.lower(), text)
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED and (allowed := error.get_headers()):
        response.headers.extend(item for item in allowed if item[0] == "Allow")
    return response


def on_database_unavailable(error: OperationalError | PoolTimeout) -> ResponseReturnValue:
    """PostgreSQL is away or too busy; nothing was written and the person may try again."""
    log_unavailable(error)
    db.session.rollback()
    text = _("The service is busy for a moment. Nothing was changed; try again in a minute.")
    response = answer(HTTPStatus.SERVICE_UNAVAILABLE, "temporarily_unavailable", text)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def log_unavailable(error: OperationalError | PoolTimeout) -> None:
    """Without the statement: its parameters are people's."""
    reason = getattr(error, "orig", None) or error
    log.warning("database unavailable", extra={"reason": type(reason).__name__})


def on_unexpected(error: Exception) -> ResponseReturnValue:
    """A fault of ours: logged with its trace, told to the person without one."""
    log.exception("unexpected error", exc_info=error)
    db.session.rollback()
    text = _("Something went wrong on our side. Nothing was changed; try again in a minute.")
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", text)


def answer(status: HTTPStatus, code: str, text: str) -> Response:
    """Problem details for a machine, an error page for a person."""
    if _wants_json():
        return problem(status, code, text)
    broken = status >= HTTPStatus.INTERNAL_SERVER_ERROR  # then the page needs no database
    page = render_template("pages/error.html", code=code, text=text, plain=broken)
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def problem(status: HTTPStatus, code: str, text: str, **members: Any) -> Response:
    """RFC 9457; `members` are extensions (section 3.2), as `code` is."""
    response = jsonify(
        type="about:blank", title=status.phrase, status=status, code=code, detail=text, **members
    )
    response.content_type = PROBLEM
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _wants_json() -> bool:
    if request.path.startswith(API):
        return True
    accept = request.accept_mimetypes
    return accept.best_match(["text/html", "application/json"]) == "application/json"
