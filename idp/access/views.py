"""`/access/v1/…`: OpenID AuthZEN Authorization API 1.0, its HTTPS JSON binding (section 10.1)."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Error
from flask import Blueprint, Response, current_app, request

from idp import clock
from idp.access import addresses, callers, naming, services
from idp.access.addresses import (
    ACTIONS_PATH,
    EVALUATION_PATH,
    EVALUATIONS_PATH,
    SEARCH_PATH,
    SUBJECTS_PATH,
)
from idp.access.callers import Caller
from idp.access.errors import InvalidRequestError, TooLarge
from idp.access.paging import Page, read_page
from idp.access.reading import Question, read_body, read_object, read_question
from idp.access.rules import UNREADABLE, Decision, Semantic, until_the_end
from idp.machine import Answer, MachineRequest, endpoint, json_answer
from idp.machine.bodies import Object
from idp.machine.requests import Unreadable
from idp.machine.seam import Handler
from idp.oauth import cross_origin, dpop, resources, senders
from idp.oauth.refusals import CHALLENGE, refusal
from idp.oauth.tokens import bearer

MAXIMUM_EVALUATIONS = 100
METADATA_MAX_AGE = 3600  # seconds
REQUEST_ID = re.compile(r"[^\x00-\x1f\x7f]{1,1024}")

READABLE = (
    *cross_origin.ORIGIN.items(),
    ("Access-Control-Expose-Headers", "DPoP-Nonce, WWW-Authenticate, X-Request-ID"),
)

blueprint = Blueprint("access", __name__)


def readable(handler: Handler) -> Handler:
    """Send the caller's own request id back (section 10.1.3), and a nonce for the next proof; no
    cookie is involved, so that an application in a browser may read the answers about its user."""

    @wraps(handler)
    def reading(asked: MachineRequest) -> Answer:
        answer = handler(asked).adding((*READABLE, *dpop.nonce_for(asked.headers)))
        given = asked.headers.get("X-Request-ID", "")
        return replace(answer, request_id=given) if REQUEST_ID.fullmatch(given) else answer

    return reading


@endpoint(blueprint, EVALUATION_PATH, "POST")
@readable
def evaluation(asked: MachineRequest) -> Answer:
    """One question (section 6)."""
    return _answered(_one, asked)


@endpoint(blueprint, EVALUATIONS_PATH, "POST")
@readable
def evaluations(asked: MachineRequest) -> Answer:
    """Up to 100 questions by one statement (section 7)."""
    return _answered(_several, asked)


@endpoint(blueprint, SEARCH_PATH, "POST")
@readable
def search_resource(asked: MachineRequest) -> Answer:
    """On which installations? (section 8.5)."""
    return _answered(_resources, asked)


@endpoint(blueprint, SUBJECTS_PATH, "POST")
@readable
def search_subject(asked: MachineRequest) -> Answer:
    """Who else? For resource servers only (section 8.4)."""
    return _answered(_subjects, asked)


@endpoint(blueprint, ACTIONS_PATH, "POST")
@readable
def search_action(asked: MachineRequest) -> Answer:
    """To do what? (section 8.6)."""
    return _answered(_actions, asked)


@endpoint(blueprint, "/.well-known/authzen-configuration", "GET")
@readable
def metadata(_asked: MachineRequest) -> Answer:
    """What there is to ask (section 9)."""
    kept = ("Cache-Control", f"public, max-age={METADATA_MAX_AGE}")
    return Answer(addresses.metadata(current_app.config["ISSUER"]), headers=(kept,))


@blueprint.after_request
def allow_asking(response: Response) -> Response:
    """The answer to a preflight."""
    if request.method == "OPTIONS":
        response.headers.update(cross_origin.ALLOWED)
        allowed = "Authorization, Content-Type, DPoP, X-Request-ID"
        response.headers["Access-Control-Allow-Headers"] = allowed
    return response


def _answered(ask: Callable[[Caller, Object, datetime], Any], asked: MachineRequest) -> Answer:
    """Who asks, then what they ask, then the answer; every refusal as JSON."""
    at = clock.now()
    try:
        caller = callers.identify(asked, at)
        return json_answer(ask(caller, read_body(asked.mimetype, asked.body), at))
    except Unreadable:
        return _refusal(TooLarge(), asked)
    except OAuth2Error as error:
        return _refusal(error, asked)


def _one(caller: Caller, body: Object, at: datetime) -> Any:
    (question,) = naming.admitted(caller, [read_question(body)])
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
    readable = naming.admitted(caller, [question for question in questions if question])
    found = iter(services.decisions(readable, at=at))
    decisions: list[Decision] = [next(found) if each else UNREADABLE for each in questions]
    return {"evaluations": [each.as_json() for each in until_the_end(decisions, semantic)]}


def _resources(caller: Caller, body: Object, at: datetime) -> Any:
    (question,) = naming.admitted(caller, [read_question(body, searched="resource")])
    page = read_page(body, question, caller)
    return _found(services.resources(question, page, at=at), page, caller)


def _subjects(caller: Caller, body: Object, at: datetime) -> Any:
    caller.check_is_resource_server()
    (question,) = naming.admitted(caller, [read_question(body, searched="subject")])
    page = read_page(body, question, caller)
    return _found(services.subjects(question, page, at=at), page, caller)


def _actions(caller: Caller, body: Object, at: datetime) -> Any:
    (question,) = naming.admitted(caller, [read_question(body, searched="action")])
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


def _found(found: services.Found, page: Page, caller: Caller) -> Any:
    following = page.token(found.more) if found.more else ""
    results = naming.told(found.results, caller)
    return {"page": {"next_token": following, "count": len(results)}, "results": results}


def _refusal(error: OAuth2Error, asked: MachineRequest) -> Answer:
    """The error as the OAuth endpoints give it; a 401 names both ways to prove oneself."""
    if error.status_code != HTTPStatus.UNAUTHORIZED:
        return refusal(error)
    shown = senders.find_shown(asked.headers.get("Authorization", ""))
    challenges = bearer.challenges(error if shown else None, shown, resources.ACCESS)
    refused = json_answer(dict(error.get_body()), error.status_code)
    return refused.adding([*challenges, ("WWW-Authenticate", CHALLENGE)])
