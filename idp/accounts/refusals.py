"""Show a form again with what is wrong with it."""

from http import HTTPStatus
from typing import Any

from flask import Response, make_response, render_template

from idp.errors import DomainError, TooManyAttempts
from idp.forms import Form
from idp.http_errors import status_of


def shown_again(
    template: str, form: Form, error: DomainError | None = None, **context: Any
) -> Response:
    """The page with 422, or with the status of `error`, which is put beside its field."""
    if error is not None:
        form.refuse(error)
    response = make_response(render_template(template, form=form, **context))
    response.status_code = status_of(error) if error else HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
