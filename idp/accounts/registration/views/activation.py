"""Activate: opening the link only shows a button, because mail scanners follow links."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, return_to
from idp.accounts.blueprint import blueprint
from idp.accounts.errors import LinkExpired
from idp.accounts.refusals import shown_again
from idp.accounts.registration import activation
from idp.accounts.schemas import ResendSchema
from idp.errors import DomainError, TooManyAttempts
from idp.extensions import db, transaction
from idp.forms import Form
from idp.http_errors import status_of


@blueprint.get("/activate/<token>")
def activate(token: str) -> ResponseReturnValue:
    """Show whose account this is about, and the button."""
    try:
        registration = activation.get_open(token, at=clock.now())
    except DomainError as error:
        return _refused(error)
    return render_template("accounts/registration/activate.html", registration=registration)


@blueprint.post("/activate/<token>")
def submit_activation(token: str) -> ResponseReturnValue:
    """Open the account, once; the person then signs in."""
    try:
        with transaction():
            registration = activation.activate(token, at=clock.now())
    except DomainError as error:
        return _refused(error)
    return redirect(
        url_for("accounts.activated", next=registration.return_to or None), HTTPStatus.SEE_OTHER
    )


@blueprint.get("/activated")
def activated() -> ResponseReturnValue:
    """The account is there: sign in and go on."""
    next_path = return_to.known(request.args.get("next"))
    return render_template("accounts/registration/activated.html", next=next_path)


@blueprint.get("/activation/resend")
def resend_activation() -> ResponseReturnValue:
    """Ask for the address or the tax id."""
    return render_template("accounts/registration/resend.html", form=Form())


@blueprint.post("/activation/resend")
def submit_resend() -> ResponseReturnValue:
    """Write to whom it concerns, if anybody; the answer is always the same."""
    form = Form()
    data = form.load(ResendSchema())
    if data is None:
        return shown_again("accounts/registration/resend.html", form)
    tax_id, email = data["tax_id"], data["email"]
    try:
        limits.mail(tax_id=tax_id, email=email or "")
    except TooManyAttempts as error:
        return shown_again("accounts/registration/resend.html", form, error)
    with transaction():
        activation.resend(tax_id=tax_id, email=email, at=clock.now())
    return redirect(url_for("accounts.resend_sent"), HTTPStatus.SEE_OTHER)


@blueprint.get("/activation/resend/sent")
def resend_sent() -> ResponseReturnValue:
    """Look into the inbox."""
    return render_template("accounts/registration/resend_sent.html")


def _refused(error: DomainError) -> ResponseReturnValue:
    """A page for a link that opens nothing any more, with the way on."""
    db.session.rollback()
    page = render_template("accounts/registration/activation_refused.html", error=error)
    gone = isinstance(error, LinkExpired)
    return make_response(page, HTTPStatus.GONE if gone else status_of(error))
