"""`/demo/inbox`: the mails of the demo. It exists in the demo's web application only."""

from pathlib import Path

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from demo import mails

blueprint = Blueprint("inbox", __name__, url_prefix="/demo/inbox", template_folder="templates")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The mails, newest first; `?to=` keeps those to a recipient."""
    recipient = request.args.get("to", "")
    found = mails.sent_to(recipient, _directory())
    return render_template("inbox/index.html", mails=found, recipient=recipient)


@blueprint.get("/<name>")
def show(name: str) -> ResponseReturnValue:
    """One mail as plain text, with our own links."""
    mail = next((each for each in mails.read_all(_directory()) if each.name == name), None)
    if mail is None:
        abort(404)
    paragraphs = mails.paragraphs(mail.text, current_app.config["ISSUER"])
    return render_template("inbox/show.html", mail=mail, paragraphs=paragraphs)


def _directory() -> Path:
    return Path(current_app.config["DEMO_MAILBOX"])
