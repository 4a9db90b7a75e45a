"""The short way in: from the WSGI server to a handler, past Flask.

A request for one of our machine endpoints, by a method that it takes, is answered here: within an
application context, with the headers, the figures and the line in the log that every answer has.
Everything else goes to Flask, where the same handlers stand behind ordinary routes: they answer
HEAD and OPTIONS, refuse other methods, and can be found by `url_for`.
"""

import logging
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, request
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from idp import headers, http_errors, logs, metrics
from idp.errors import DomainError, TooManyAttempts
from idp.extensions import csrf, db, release
from idp.identifiers import public_id
from idp.machine.answers import Answer, json_answer
from idp.machine.requests import MachineRequest, Unreadable

Handler = Callable[[MachineRequest], Answer]
if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

EXTENSION = "machine_endpoints"
STATUS_LINES = {int(status): f"{status.value} {status.phrase}" for status in HTTPStatus}

log = logging.getLogger(__name__)


def endpoint(blueprint: Blueprint, path: str, *methods: str) -> Callable[[Handler], Handler]:
    """Have the decorated handler answer `path` by these methods, whichever way they come."""

    def add(handler: Handler) -> Handler:
        def view() -> Response:
            return answered(handler, MachineRequest(request.environ)).as_response()

        def register(state: BlueprintSetupState) -> None:
            routes = state.app.extensions.setdefault(EXTENSION, {})
            routes.update({(method, path): handler for method in methods})

        view.__module__, view.__name__ = handler.__module__, handler.__name__
        csrf.exempt(view)  # by that name; no cookie is looked at
        blueprint.add_url_rule(path, handler.__name__, view, methods=list(methods))
        blueprint.record(register)
        return handler

    return add


def init_app(app: Flask) -> None:
    """Stand before Flask; for last, when every endpoint is registered."""
    app.wsgi_app = Seam(app)  # type: ignore[method-assign]


class Seam:
    """A WSGI application in front of Flask's."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._flask = app.wsgi_app
        self._routes: dict[tuple[str, str], Handler] = app.extensions.get(EXTENSION, {})

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """By the short way where there is one."""
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        handler = self._routes.get((method, path))
        if handler is None:
            return self._flask(environ, start_response)
        began = time.perf_counter()
        asked = MachineRequest(environ)
        with self._app.app_context():
            answer = answered(handler, asked)
        request_id = public_id("q")
        told = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
            *answer.headers,
            *headers.for_machines(asked.is_secure),
            ("X-Request-Id", answer.request_id or request_id),
        ]
        seconds = time.perf_counter() - began
        metrics.count(method, path, answer.status, seconds)
        logs.tell(request_id, method, path, answer.status, seconds)
        start_response(STATUS_LINES[answer.status], told)
        return (answer.body,)


def answered(handler: Handler, asked: MachineRequest) -> Answer:
    """What the handler says, or what became of it: a machine gets a stable code, never a trace."""
    try:
        answer = handler(asked)
        if answer.status < HTTPStatus.BAD_REQUEST:  # a refusal that wrote has committed by itself
            release()
    except Unreadable as unreadable:
        return json_answer({"error": "invalid_request"}, unreadable.status)
    except DomainError as refused:
        db.session.rollback()
        return _refused(refused)
    except (OperationalError, PoolTimeout) as unavailable:
        db.session.rollback()
        http_errors.log_unavailable(unavailable)
        busy = json_answer({"error": "temporarily_unavailable"}, HTTPStatus.SERVICE_UNAVAILABLE)
        return busy.adding([("Retry-After", http_errors.RETRY_AFTER)])
    except Exception:
        db.session.rollback()
        log.exception("unexpected error")
        return json_answer({"error": "server_error"}, HTTPStatus.INTERNAL_SERVER_ERROR)
    return answer


def _refused(error: DomainError) -> Answer:
    answer = json_answer({"error": error.code}, http_errors.status_of(error))
    if isinstance(error, TooManyAttempts):
        return answer.adding([("Retry-After", str(error.retry_after))])
    return answer
