"""Home: the first page of somebody who came by themselves."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """To what the person may see; a stranger signs in first."""
    return redirect(url_for("registry.index"))
