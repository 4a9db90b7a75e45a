"""Activate: opening the link only shows a button, because mail scanners follow links."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, passwords, return_to
from idp.accounts.blueprint import blueprint
from idp.accounts.errors import LinkExpired
from idp.accounts.models import Registration
from idp.accounts.pace import paced
from idp.accounts.passwords import policy
from idp.accounts.passwords.errors import PasswordRefused
from idp.accounts.refusals import shown_again
from idp.accounts.registration import activation
from idp.accounts.registration.schemas import FirstPasswordSchema, ResendSchema
from idp.errors import DomainError, TooManyAttempts
from idp.extensions import db, transaction
from idp.forms import Form
from idp.http_errors import status_of

TEMPLATE = "accounts/registration/activate.html"


@blueprint.get("/activate/<token>")
def activate(token: str) -> ResponseReturnValue:
    """Show whose account this is about, and the button."""
    try:
        registration = activation.get_open(token, at=clock.now())
    except DomainError as error:
        return _refused(error)
    return render_template(TEMPLATE, form=Form(), registration=registration)


@blueprint.post("/activate/<token>")
def submit_activation(token: str) -> ResponseReturnValue:
    """Open the account, once; the person then signs in."""
    form = Form()
    try:
        with transaction():
            registration = activation.get_open(token, at=clock.now())
        password_hash = registration.password_hash
        if not password_hash:
            data = form.load(FirstPasswordSchema())
            if data is None:
                return shown_again(TEMPLATE, form, registration=registration)
            password_hash = _hash(data["password"], registration)
        with transaction():
            activation.activate(token, password_hash=password_hash, at=clock.now())
    except (PasswordRefused, TooManyAttempts) as error:
        return shown_again(TEMPLATE, form, error, registration=registration)
    except DomainError as error:
        return _refused(error)
    next_path = registration.return_to or None
    return redirect(url_for("accounts.activated", next=next_path), HTTPStatus.SEE_OTHER)


def _hash(password: str, registration: Registration) -> str:
    """Raises a `PasswordRefused`. No connection to the database is held meanwhile."""
    policy.check(
        password,
        tax_id=registration.tax_id,
        email=registration.email,
        name=registration.name,
        has_factor=False,
    )
    limits.page()
    return passwords.hash_password(password)


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
@paced
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
