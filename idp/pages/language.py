"""The language switch of a page that holds a form: it posts the form, and nothing typed is lost."""

from http import HTTPStatus

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from idp.extensions import csrf
from idp.forms import keep_typed
from idp.pages.components import in_language

SWITCH = "switch_language"


def init_app(app: Flask) -> None:
    """Look at every post before its view does."""
    app.before_request(switch_language)


def switch_language() -> ResponseReturnValue | None:
    """Come back to the page in the chosen language, with what was typed; the form is not sent."""
    if request.method != "POST" or "lang" not in request.args or SWITCH not in request.form:
        return None
    csrf.protect()  # nobody else fills in this person's form
    keep_typed()
    return redirect(in_language(request.args["lang"]), HTTPStatus.SEE_OTHER)
