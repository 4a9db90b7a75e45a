"""Confirm that it is still you: the password, asked for once more."""

from http import HTTPStatus

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts import limits, passwords, reauthentication, return_to, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.refusals import shown_again
from idp.accounts.sessions import sign_in_required
from idp.accounts.sign_in.schemas import ConfirmationSchema
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/sign_in/confirm.html"


@blueprint.get("/account/confirm")
@sign_in_required
def confirm() -> ResponseReturnValue:
    """Ask for the password."""
    return render_template(TEMPLATE, form=Form(), account=sessions.current_account())


@blueprint.post("/account/confirm")
@sign_in_required
def submit_confirmation() -> ResponseReturnValue:
    """Go on to where the person wanted to go."""
    account = sessions.current_account()
    form = Form()
    data = form.load(ConfirmationSchema())
    if data is None:
        return shown_again(TEMPLATE, form, account=account)
    try:
        confirmed = _attempt(data["password"])
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error, account=account)
    if not confirmed:
        form.errors["password"] = _("This is not your current password.")
        return shown_again(TEMPLATE, form, account=account)
    return redirect(return_to.safe(request.args.get("next")), HTTPStatus.SEE_OTHER)


def _attempt(password: str) -> bool:
    """No connection to the database is held while the password is verified."""
    with transaction():
        browser_session = sessions.current_session()
    account = browser_session.account
    limits.sign_in(account.tax_id)
    matches = passwords.verify(account.password_hash, password)
    with transaction():
        confirmed = reauthentication.settle(browser_session, matches=matches, at=clock.now())
    if confirmed:
        limits.forgive_sign_in(account.tax_id)
    return confirmed
