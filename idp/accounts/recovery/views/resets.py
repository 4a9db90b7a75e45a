"""Recover an account whose password is forgotten."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, passwords
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import pending
from idp.accounts.models import Account
from idp.accounts.pace import paced
from idp.accounts.passwords import policy
from idp.accounts.passwords.errors import PasswordRefused
from idp.accounts.recovery import resets
from idp.accounts.recovery.schemas import RecoverySchema, ResetSchema
from idp.accounts.recovery.views.refusals import LINK_ERRORS, link_refused
from idp.accounts.refusals import shown_again
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form

RECOVER = "accounts/recovery/recover.html"
RESET = "accounts/recovery/reset.html"
REFUSED = "accounts/recovery/reset_refused.html"


@blueprint.get("/recover")
def recover() -> ResponseReturnValue:
    """Ask for tax id and e-mail address."""
    return render_template(RECOVER, form=Form())


@blueprint.post("/recover")
@paced
def submit_recovery() -> ResponseReturnValue:
    """Send a link if both belong together; the answer is always the same."""
    form = Form()
    data = form.load(RecoverySchema())
    if data is None:
        return shown_again(RECOVER, form)
    try:
        limits.mail(tax_id=data["tax_id"], email=data["email"])
    except TooManyAttempts as error:
        return shown_again(RECOVER, form, error)
    with transaction():
        resets.request_reset(tax_id=data["tax_id"], email=data["email"], at=clock.now())
    return redirect(url_for("accounts.recovery_sent"), HTTPStatus.SEE_OTHER)


@blueprint.get("/recover/sent")
def recovery_sent() -> ResponseReturnValue:
    """Look into the inbox."""
    return render_template("accounts/recovery/sent.html")


@blueprint.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    """Ask for the new password; opening the link changes nothing."""
    try:
        account = resets.get_usable(token, at=clock.now()).account
    except LINK_ERRORS as error:
        return link_refused(error, REFUSED)
    has_factor = pending.has_factor(account.id)
    return render_template(RESET, form=Form(), account=account, has_factor=has_factor)


@blueprint.post("/reset/<token>")
def submit_reset(token: str) -> ResponseReturnValue:
    """Set the new password, once, and sign out everywhere."""
    form = Form()
    try:
        with transaction():
            account = resets.get_usable(token, at=clock.now()).account
            has_factor = pending.has_factor(account.id)
        data = form.load(ResetSchema())
        if data is None:
            return shown_again(RESET, form, account=account, has_factor=has_factor)
        _reset(token, data["password"], account, has_factor=has_factor)
    except LINK_ERRORS as error:
        return link_refused(error, REFUSED)
    except PasswordRefused as error:
        return shown_again(RESET, form, error, account=account, has_factor=has_factor)
    return redirect(url_for("accounts.reset_done"), HTTPStatus.SEE_OTHER)


def _reset(token: str, password: str, account: Account, *, has_factor: bool) -> None:
    """No connection to the database is held while the password is weighed and hashed."""
    policy.check(
        password,
        tax_id=account.tax_id,
        email=account.email,
        name=account.name,
        has_factor=has_factor,
    )
    password_hash = passwords.hash_password(password)
    with transaction():
        resets.reset_password(token, password_hash=password_hash, at=clock.now())


@blueprint.get("/recover/done")
def reset_done() -> ResponseReturnValue:
    """The password is set: sign in with it."""
    return render_template("accounts/recovery/reset_done.html")
