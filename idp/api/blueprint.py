"""What all operations share: who calls, how a body is read, how a refusal looks.

flask-smorest describes the operations (see `openapi`); its own error handling is not used.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from http import HTTPStatus
from typing import Any, NoReturn, TypeVar

import flask
import flask_smorest
from authlib.oauth2.rfc6749 import OAuth2Error
from flask import Response, g, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from idp import clock
from idp.access.reading import read_body
from idp.api import callers
from idp.api.callers import Caller
from idp.api.errors import Invalid, Problem, UnsupportedMediaType
from idp.api.schemas import ProblemSchema
from idp.extensions import csrf
from idp.http_errors import PROBLEM, problem
from idp.machine.bodies import JSON
from idp.oauth import cross_origin, dpop, resources, senders
from idp.oauth.tokens import bearer

View = TypeVar("View", bound=Callable[..., Any])


class Parser(FlaskParser):
    """Bodies are I-JSON objects, and what is wrong with one is named place by place."""

    def load_json(self, req: flask.Request, schema: Schema) -> Any:
        """Raises `UnsupportedMediaType`, or invalid_request for what is no JSON object."""
        if req.mimetype != JSON:
            raise UnsupportedMediaType
        return read_body(request.mimetype, request.get_data(cache=False))

    def handle_error(self, error: ValidationError, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Raises `Invalid`; webargs puts where it read from around the messages."""
        raise Invalid(dict(error.messages)["json"]) from error  # type: ignore[arg-type]


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """flask-smorest's, with our way to read."""

    ARGUMENTS_PARSER = Parser()


_blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="Use of grants.")
blueprint: flask.Blueprint = _blueprint
csrf.exempt(blueprint)  # no cookie is looked at


def operation(
    *, takes: Schema, gives: Mapping[HTTPStatus, Schema], refuses: Mapping[HTTPStatus, str]
) -> Callable[[View], View]:
    """Read the body by `takes` and write what the view returns by the first of `gives`; all of it,
    and when each status of `refuses` is answered, stands in the description."""
    (status, schema), *others = gives.items()
    also = [_blueprint.alt_response(each, schema=other) for each, other in others]
    refusals = [
        _blueprint.alt_response(each, schema=ProblemSchema, content_type=PROBLEM, description=when)
        for each, when in refuses.items()
    ]
    answer = _blueprint.response(status, schema)
    steps = [_blueprint.arguments(takes), answer, *also, *refusals]

    def decorate(view: View) -> View:
        known = {"operationId": view.__name__, "security": [{"oauth": [callers.SCOPE]}]}
        return reduce(lambda inner, step: step(inner), [*steps, _blueprint.doc(**known)], view)

    return decorate


@blueprint.before_request
def identify() -> None:
    """Who calls comes first: a stranger learns nothing of what a good request is."""
    if request.method != "OPTIONS":
        g.api_caller = callers.identify(clock.now())


def caller() -> Caller:
    """Whoever makes this request."""
    found: Caller = g.api_caller
    return found


@blueprint.after_request
def allow_reading(response: Response) -> Response:
    """No cookie is involved, so an application in a browser may report for its user."""
    response.headers.update(cross_origin.ALLOWED)
    response.headers["Access-Control-Expose-Headers"] = "DPoP-Nonce, Retry-After, WWW-Authenticate"
    response.headers.extend(dpop.nonce_for(request.headers))
    return response


@blueprint.errorhandler(OAuth2Error)
def refuse_caller(error: OAuth2Error) -> Response:
    """As RFC 6750 section 3 wants it in the header; in the body as every other refusal."""
    status = HTTPStatus(error.status_code)
    response = problem(status, error.error, error.description)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        told = None if isinstance(error, callers.NoToken) else error
        shown = senders.find_shown(request.headers.get("Authorization", ""))
        response.headers.extend(bearer.challenges(told, shown, resources.API))
    return response


@blueprint.errorhandler(Problem)
def refuse_content(error: Problem) -> Response:
    """With the place of each thing that is wrong."""
    return problem(error.status, error.code, str(error.text), errors=error.details)
