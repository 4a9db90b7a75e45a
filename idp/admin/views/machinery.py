"""What operators look after: applications, signing keys, the outbox."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.admin import machinery, reading, sessions
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.newest import asked_before
from idp.admin.rules import Permission
from idp.extensions import transaction


@blueprint.get("/clients")
@staff_required(Permission.SEE_CLIENTS)
def clients() -> ResponseReturnValue:
    """Every registered application."""
    return render_template("admin/clients.html", clients=machinery.clients(before=asked_before()))


@blueprint.get("/clients/<client_id>")
@staff_required(Permission.SEE_CLIENTS)
def client(client_id: str) -> ResponseReturnValue:
    """One application and what happened to it."""
    client = machinery.get_client(client_id)
    history = reading.history("client", client.client_id, before=asked_before())
    return render_template("admin/client.html", client=client, history=history)


@blueprint.get("/keys")
@staff_required(Permission.SEE_KEYS)
def keys() -> ResponseReturnValue:
    """The key pairs, and what each is for at this moment."""
    return render_template("admin/keys.html", keys=machinery.keys(clock.now()))


@blueprint.get("/mails")
@staff_required(Permission.SEE_MAILS)
def mails() -> ResponseReturnValue:
    """Whether mails leave, and those that were given up."""
    return render_template(
        "admin/mails.html",
        outbox=machinery.outbox(),
        failed=machinery.failed_mails(before=asked_before()),
    )


@blueprint.post("/mails/<message_id>/retry")
@staff_required(Permission.RETRY_MAIL)
def retry_mail(message_id: str) -> ResponseReturnValue:
    """Try a mail again that was given up."""
    with transaction():
        machinery.retry(message_id, by=sessions.current_member().actor, at=clock.now())
    return redirect(url_for("admin.mails"), HTTPStatus.SEE_OTHER)
