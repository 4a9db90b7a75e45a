"""My e-mail address: change it, see what awaits its confirmation."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, reauthentication, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.recovery import email_changes
from idp.accounts.recovery.errors import SameEmail
from idp.accounts.recovery.models import Origin
from idp.accounts.recovery.schemas import NewEmailSchema
from idp.accounts.refusals import shown_again
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/recovery/email.html"


@blueprint.get("/account/email")
@reauthentication.required
def email() -> ResponseReturnValue:
    """The address on record, and the one that would take its place."""
    return render_template(TEMPLATE, form=Form(), **_context())


@blueprint.post("/account/email")
@reauthentication.required
def submit_email() -> ResponseReturnValue:
    """Send a link to the new address; nothing changes until it is opened."""
    form = Form()
    data = form.load(NewEmailSchema())
    if data is None:
        return shown_again(TEMPLATE, form, **_context())
    try:
        limits.mail(email=data["new_email"])
        _ask(data["new_email"])
    except (SameEmail, TooManyAttempts) as error:
        return shown_again(TEMPLATE, form, error, **_context())
    return _back()


@blueprint.post("/account/email/resend")
@reauthentication.required
def resend_email() -> ResponseReturnValue:
    """The same link once more."""
    account, at = sessions.current_account(), clock.now()
    change = email_changes.find_open(account, at=at)
    if change is None:
        return _back()
    try:
        limits.mail(email=change.new_email)
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, Form(), error, **_context())
    with transaction():
        email_changes.resend(account, at=at)
    return _back()


@blueprint.post("/account/email/cancel")
@reauthentication.required
def cancel_email() -> ResponseReturnValue:
    """Keep the address on record."""
    with transaction():
        email_changes.cancel(sessions.current_account(), at=clock.now())
    return _back()


def _ask(new_email: str) -> None:
    account = sessions.current_account()
    with transaction():
        email_changes.ask(
            account, new_email, origin=Origin.ACCOUNT, by=account.actor, at=clock.now()
        )


def _context() -> dict[str, Any]:
    account, at = sessions.current_account(), clock.now()
    change = email_changes.find_open(account, at=at)
    return {"account": account, "change": change, "is_early": change and at < change.opens_at}


def _back() -> ResponseReturnValue:
    return redirect(url_for("accounts.email"), HTTPStatus.SEE_OTHER)
