"""Requests that bring files.

A request may have `MAX_CONTENT_LENGTH` bytes. A view that takes files says so with `takes_files`
and gets room for them besides. A body that is larger still is not read, so nobody knows what was
typed: the page is shown as if it had been asked for, with the refusal beside its field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TypeVar

from flask import Flask, Response, current_app, g, request
from flask.globals import request_ctx
from werkzeug.exceptions import MethodNotAllowed, RequestEntityTooLarge

from idp.client_address import client_network
from idp.errors import DomainError
from idp.rate_limits import Limit

View = TypeVar("View", bound=Callable[..., object])
MARK = "takes_files"


@dataclass(frozen=True, slots=True)
class Room:
    """What a view takes, and what to say about more."""

    most: Callable[[], int]  # bytes of all files of one request
    refusal: Callable[[], DomainError]


def init_app(app: Flask) -> None:
    """Before anything reads a form, and after the page of a refused one."""
    app.before_request(make_room)
    app.after_request(say_too_large)


def takes_files(
    most: Callable[[], int], refusal: Callable[[], DomainError]
) -> Callable[[View], View]:
    """Decorate a view whose form is posted as `multipart/form-data` with files.

    Anywhere among its decorators, as long as the outer ones use `functools.wraps`. The same address
    must answer GET, and may not change anything then.
    """

    def mark(view: View) -> View:
        view.__dict__[MARK] = Room(most, refusal)
        return view

    return mark


def make_room() -> None:
    """Raises TooManyAttempts before a body of many megabytes is read."""
    view = current_app.view_functions.get(request.endpoint or "")
    room: Room | None = getattr(view, MARK, None)
    if room is None or request.method != "POST":
        return
    burst = current_app.config["UPLOADS_PER_ADDRESS"]
    Limit("upload.address", burst, timedelta(seconds=20)).hit(client_network())
    request.max_content_length = current_app.config["MAX_CONTENT_LENGTH"] + room.most()
    if (request.content_length or 0) > request.max_content_length:
        _go_on_without_body(room.refusal())


def _go_on_without_body(refusal: DomainError) -> None:
    """Nothing changes on GET, so the token against CSRF, which is in the body, is not missed."""
    adapter = request_ctx.url_adapter
    request.method = "GET"
    try:
        found = adapter.match(method="GET", return_rule=True) if adapter else None
    except MethodNotAllowed:
        found = None
    if found is None:
        raise RequestEntityTooLarge
    rule, values = found
    request.url_rule, request.view_args = rule, dict(values)
    g.refused = refusal


def say_too_large(response: Response) -> Response:
    """413 instead of 200; whoever is led elsewhere, to sign in for one, is led there."""
    if "refused" in g and response.status_code == HTTPStatus.OK:
        response.status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return response
