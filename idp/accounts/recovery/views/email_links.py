"""What the links in mails about a change of address open: a page with a button, and then its doing.

Mail scanners follow links, so opening one changes nothing.
"""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.blueprint import blueprint
from idp.accounts.recovery import email_changes, undoing
from idp.accounts.recovery.errors import EmailTaken, LinkTooEarly
from idp.accounts.recovery.views.refusals import LINK_ERRORS, link_refused
from idp.extensions import db, transaction

TOO_EARLY = "accounts/recovery/email_early.html"


@blueprint.get("/email/confirmation/<token>")
def email_confirmation(token: str) -> ResponseReturnValue:
    """Ask whether this shall be the address."""
    try:
        change = email_changes.get_confirmable(token, at=clock.now())
    except LinkTooEarly as error:
        return render_template(TOO_EARLY, opens_at=error.opens_at)
    except LINK_ERRORS as error:
        return link_refused(error)
    return render_template("accounts/recovery/email_confirmation.html", change=change)


@blueprint.post("/email/confirmation/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """Make it the address, once."""
    try:
        with transaction():
            email_changes.confirm(token, at=clock.now())
    except LinkTooEarly as error:
        db.session.rollback()
        return render_template(TOO_EARLY, opens_at=error.opens_at), HTTPStatus.CONFLICT
    except (*LINK_ERRORS, EmailTaken) as error:
        return link_refused(error)
    return redirect(url_for("accounts.email_confirmed"), HTTPStatus.SEE_OTHER)


@blueprint.get("/email/confirmed")
def email_confirmed() -> ResponseReturnValue:
    """Say so."""
    return render_template("accounts/recovery/email_confirmed.html")


@blueprint.get("/email/undo/<token>")
def email_undo(token: str) -> ResponseReturnValue:
    """Say what undoing does, before it does."""
    try:
        change = undoing.get_undoable(token, at=clock.now())
    except LINK_ERRORS as error:
        return link_refused(error)
    return render_template("accounts/recovery/email_undo.html", change=change)


@blueprint.post("/email/undo/<token>")
def undo_email(token: str) -> ResponseReturnValue:
    """Put the old address back, and go on to a new password."""
    try:
        with transaction():
            reset = undoing.undo(token, at=clock.now())
    except (*LINK_ERRORS, EmailTaken) as error:
        return link_refused(error)
    return redirect(url_for("accounts.reset", token=reset), HTTPStatus.SEE_OTHER)
