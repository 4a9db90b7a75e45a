"""`/access/v1/…`: OpenID AuthZEN Authorization API 1.0, its HTTPS JSON binding (section 10.1)."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from idp import clock
from idp.access import callers, services
from idp.access.callers import Caller
from idp.access.errors import InvalidRequestError, TooLarge
from idp.access.paging import Page, read_page
from idp.access.reading import Object, Question, read_body, read_object, read_question
from idp.access.rules import UNREADABLE, Decision, Semantic, until_the_end
from idp.extensions import csrf
from idp.grants.claims import EVALUATION_PATH, SEARCH_PATH
from idp.oauth import cross_origin
from idp.oauth.server import CHALLENGE, answer
from idp.oauth.tokens import bearer

MAXIMUM_EVALUATIONS = 100
METADATA_MAX_AGE = 3600  # seconds
EVALUATIONS_PATH = "/access/v1/evaluations"
SUBJECTS_PATH = "/access/v1/search/subject"
ACTIONS_PATH = "/access/v1/search/action"
REQUEST_ID = re.compile(r"[^\x00-\x1f\x7f]{1,1024}")

blueprint = Blueprint("access", __name__)
csrf.exempt(blueprint)  # no cookie is looked at


@blueprint.post(EVALUATION_PATH)
def evaluation() -> ResponseReturnValue:
    """One question (section 6)."""
    return _answered(_one)


@blueprint.post(EVALUATIONS_PATH)
def evaluations() -> ResponseReturnValue:
    """Up to 100 questions by one statement (section 7)."""
    return _answered(_several)


@blueprint.post(SEARCH_PATH)
def search_resource() -> ResponseReturnValue:
    """On which installations? (section 8.5)."""
    return _answered(_resources)


@blueprint.post(SUBJECTS_PATH)
def search_subject() -> ResponseReturnValue:
    """Who else? For resource servers only (section 8.4)."""
    return _answered(_subjects)


@blueprint.post(ACTIONS_PATH)
def search_action() -> ResponseReturnValue:
    """To do what? (section 8.6)."""
    return _answered(_actions)


@blueprint.get("/.well-known/authzen-configuration")
def metadata() -> ResponseReturnValue:
    """What there is to ask (section 9)."""
    response = Response(_metadata(current_app.config["ISSUER"]), content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={METADATA_MAX_AGE}"
    return response


@blueprint.after_request
def identify_and_allow_reading(response: Response) -> Response:
    """Send the caller's own request id back (section 10.1.3); no cookie is involved, so that an
    application in a browser may read the answers about its user."""
    given = request.headers.get("X-Request-ID", "")
    if REQUEST_ID.fullmatch(given):
        response.headers["X-Request-ID"] = given
    response.headers.update(cross_origin.ALLOWED)
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, X-Request-ID"
    response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, X-Request-ID"
    return response


@blueprint.errorhandler(RequestEntityTooLarge)
def refuse_size(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Wherever the body was first read."""
    return _refusal(TooLarge())


def _answered(ask: Callable[[Caller, Object, datetime], Any]) -> Response:
    """Who asks, then what they ask, then the answer; every refusal as JSON."""
    at = clock.now()
    try:
        return answer(ask(callers.identify(at), read_body(), at))
    except OAuth2Error as error:
        return _refusal(error)


def _one(caller: Caller, body: Object, at: datetime) -> Any:
    question = caller.admit(read_question(body))
    (decision,) = services.decisions([question], at=at)
    return decision.as_json()


def _several(caller: Caller, body: Object, at: datetime) -> Any:
    items = body.get("evaluations")
    semantic = _semantic(body)
    if items is None or items == []:
        return _one(caller, body, at)
    if not isinstance(items, list) or len(items) > MAXIMUM_EVALUATIONS:
        raise InvalidRequestError(f"evaluations must be at most {MAXIMUM_EVALUATIONS} objects.")
    questions = [_question(body, item) for item in items]
    readable = [caller.admit(question) for question in questions if question is not None]
    found = iter(services.decisions(readable, at=at))
    decisions: list[Decision] = [next(found) if each else UNREADABLE for each in questions]
    return {"evaluations": [each.as_json() for each in until_the_end(decisions, semantic)]}


def _resources(caller: Caller, body: Object, at: datetime) -> Any:
    question = caller.admit(read_question(body, searched="resource"))
    page = read_page(body, question, caller)
    return _found(services.resources(question, page, at=at), page)


def _subjects(caller: Caller, body: Object, at: datetime) -> Any:
    caller.check_is_resource_server()
    question = read_question(body, searched="subject")
    page = read_page(body, question, caller)
    return _found(services.subjects(question, page, at=at), page)


def _actions(caller: Caller, body: Object, at: datetime) -> Any:
    question = caller.admit(read_question(body, searched="action"))
    return {"results": services.actions(question, at=at)}


def _question(body: Object, item: object) -> Question | None:
    """One of several, its missing members taken from the top (section 7.1.1); None when it can't
    be read: it alone is then denied (section 7.2.1)."""
    if not isinstance(item, dict):
        return None
    try:
        return read_question({**body, **item})
    except InvalidRequestError:
        return None


def _semantic(body: Object) -> Semantic:
    wanted = read_object(body, "options").get("evaluations_semantic", Semantic.EXECUTE_ALL)
    try:
        return Semantic(wanted)
    except ValueError as error:
        raise InvalidRequestError("The evaluations_semantic is unknown.") from error


def _found(found: services.Found, page: Page) -> Any:
    following = page.token(found.more) if found.more else ""
    count = len(found.results)
    return {"page": {"next_token": following, "count": count}, "results": found.results}


def _refusal(error: OAuth2Error) -> Response:
    """The error as the OAuth endpoints give it; a 401 names both ways to prove oneself."""
    response = answer(dict(error.get_body()), error.status_code)
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        with_token = request.headers.get("Authorization", "").lower().startswith("bearer")
        response.headers.add("WWW-Authenticate", bearer.challenge(error if with_token else None))
        response.headers.add("WWW-Authenticate", CHALLENGE)
    return response


@lru_cache
def _metadata(issuer: str) -> bytes:
    paths = {
        "access_evaluation_endpoint": EVALUATION_PATH,
        "access_evaluations_endpoint": EVALUATIONS_PATH,
        "search_subject_endpoint": SUBJECTS_PATH,
        "search_resource_endpoint": SEARCH_PATH,
        "search_action_endpoint": ACTIONS_PATH,
    }
    addresses = {name: f"{issuer}{path}" for name, path in paths.items()}
    return json.dumps({"policy_decision_point": issuer, **addresses}).encode()
