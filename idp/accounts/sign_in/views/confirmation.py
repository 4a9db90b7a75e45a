"""Confirm that it is still you: the password, asked for once more."""

from http import HTTPStatus
from typing import Any

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
    return render_template(TEMPLATE, form=Form(), **_context())


@blueprint.post("/account/confirm")
@sign_in_required
def submit_confirmation() -> ResponseReturnValue:
    """Go on to where the person wanted to go."""
    form, context = Form(), _context()
    data = form.load(ConfirmationSchema())
    if data is None:
        return shown_again(TEMPLATE, form, **context)
    try:
        confirmed = _attempt(data["password"])
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error, **context)
    if not confirmed:
        form.errors["password"] = _("This is not your current password.")
        return shown_again(TEMPLATE, form, **context)
    return redirect(return_to.safe(request.args.get("next")), HTTPStatus.SEE_OTHER)


def _context() -> dict[str, Any]:
    account = sessions.current_account()
    following = return_to.known(request.args.get("next"))
    return {"account": account, "ways": reauthentication.ways_of(account, following)}


def _attempt(password: str) -> bool:
    """No connection to the database is held while the password is verified."""
    with transaction():
        browser_session = sessions.current_session()
    account = browser_session.account
    limits.confirmation(browser_session.public_id)
    matches = passwords.verify(account.password_hash, password)
    with transaction():
        confirmed = reauthentication.settle(browser_session, matches=matches, at=clock.now())
    if confirmed:
        limits.forgive_confirmation(browser_session.public_id)
    return confirmed
