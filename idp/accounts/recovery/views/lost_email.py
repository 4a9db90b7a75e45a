"""The password is known, the address can't be read any more."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, passwords
from idp.accounts.blueprint import blueprint
from idp.accounts.lookup import Credentials, find_credentials
from idp.accounts.pace import paced
from idp.accounts.recovery import lost_email as service
from idp.accounts.recovery.schemas import LostEmailSchema
from idp.accounts.refusals import shown_again
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form, keep_typed

TEMPLATE = "accounts/recovery/lost_email.html"


@blueprint.get("/recover/change-email")
def lost_email() -> ResponseReturnValue:
    """Ask for tax id, password and the new address."""
    return render_template(TEMPLATE, form=Form())


@blueprint.post("/recover/change-email")
@paced
def submit_lost_email() -> ResponseReturnValue:
    """Write to both addresses if the password is right; the answer is always the same, unless a
    second factor is needed first, as at sign-in."""
    form = Form()
    data = form.load(LostEmailSchema())
    if data is None:
        return shown_again(TEMPLATE, form)
    try:
        is_waiting = _attempt(data)
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error)
    page = url_for("accounts.lost_email_sent")
    if is_waiting:
        page = url_for("accounts.factor", next=url_for("accounts.email"))
    return redirect(page, HTTPStatus.SEE_OTHER)


def _attempt(data: dict[str, Any]) -> bool:
    """One argon2 verification, whoever asks, and no connection held meanwhile."""
    tax_id, new_email = data["tax_id"], data["new_email"]
    limits.sign_in(tax_id)
    limits.mail(email=new_email)
    with transaction():
        account = find_credentials(tax_id)
    matches = passwords.verify(account.password_hash if account else None, data["password"])
    with transaction():
        is_waiting = service.settle(account, matches=matches, new_email=new_email, at=clock.now())
    if matches:
        limits.forgive_sign_in(tax_id)
    if account is not None and is_waiting:
        _keep_address(account)
    return is_waiting


def _keep_address(account: Credentials) -> None:
    """For the account page, where the person goes on once the factor was shown."""
    keep_typed(whose=account.public_id, path=url_for("accounts.email"))


@blueprint.get("/recover/change-email/sent")
def lost_email_sent() -> ResponseReturnValue:
    """Look into the inbox of the new address."""
    return render_template("accounts/recovery/lost_email_sent.html")
