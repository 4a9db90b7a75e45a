"""Neither password nor address are known, but a fact of the contract is; and when less is known.

Somebody who knows the fact learns, masked, where the link went. Everybody else gets one answer,
whoever they asked about.
"""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.blueprint import blueprint
from idp.accounts.models import Assurance
from idp.accounts.pace import paced
from idp.accounts.recovery import resets
from idp.accounts.recovery.schemas import EmailUnknownSchema, facts_of_market
from idp.accounts.refusals import shown_again
from idp.accounts.registration import proving
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/recovery/email_unknown.html"
HINT = "recovery_hint"  # in Flask's session: the masked address, for the page that follows


@blueprint.get("/recover/email-unknown")
def email_unknown() -> ResponseReturnValue:
    """Ask for the tax id and one fact of the contract."""
    return render_template(TEMPLATE, form=Form(), facts=facts_of_market())


@blueprint.post("/recover/email-unknown")
@paced
def submit_email_unknown() -> ResponseReturnValue:
    """Send the link to the address on record, if the fact is right."""
    form = Form()
    data = form.load(EmailUnknownSchema.of_market())
    if data is None:
        return shown_again(TEMPLATE, form, facts=facts_of_market())
    try:
        with transaction():
            hint = _attempt(data)
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error, facts=facts_of_market())
    if hint:
        session[HINT] = hint
    else:
        session.pop(HINT, None)
    return redirect(url_for("accounts.email_unknown_sent"), HTTPStatus.SEE_OTHER)


def _attempt(data: dict[str, Any]) -> str:
    facts = {name: data[name] for name in facts_of_market()}
    is_proven = proving.assurance_of(data["tax_id"], facts) is Assurance.PROVEN
    return resets.request_by_fact(tax_id=data["tax_id"], is_proven=is_proven, at=clock.now())


@blueprint.get("/recover/email-unknown/sent")
def email_unknown_sent() -> ResponseReturnValue:
    """Where to look, as far as the person may know."""
    hint = session.get(HINT, "")
    return render_template("accounts/recovery/email_unknown_sent.html", hint=hint)


@blueprint.get("/recover/help")
def recovery_help() -> ResponseReturnValue:
    """It takes two of three; whom to write to without them."""
    return render_template("accounts/recovery/help.html")
