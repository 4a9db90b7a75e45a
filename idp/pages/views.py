"""Home, and what everybody may read: the terms, and how to tell that a page is ours."""

from http import HTTPStatus

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import i18n, terms

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To what the person may see; a stranger signs in first."""
    return redirect(url_for("grants.installations"))


@blueprint.get("/terms/<name>")
def show_terms(name: str) -> ResponseReturnValue:
    """The current version of a text, in the language of the page."""
    if name not in set(terms.Terms):
        abort(HTTPStatus.NOT_FOUND)
    text = terms.current_text(terms.Terms(name), i18n.negotiate())
    return render_template("pages/terms.html", name=name, text=text)


@blueprint.get("/help/real")
def real() -> ResponseReturnValue:
    """How to tell our pages and mails from forged ones."""
    return render_template("pages/real.html", address=current_app.config["ISSUER"])
