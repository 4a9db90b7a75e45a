"""My data: what is on record and for how long; and closing the account for good."""

from http import HTTPStatus
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import reauthentication, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.data import erasure
from idp.accounts.data.schemas import ClosingSchema
from idp.accounts.refusals import shown_again
from idp.accounts.sessions import sign_in_required
from idp.extensions import transaction
from idp.forms import Form
from idp.mail.purging import KEPT

TEMPLATE = "accounts/data/closing.html"


@blueprint.get("/account/data")
@sign_in_required
def data() -> ResponseReturnValue:
    """What we keep about the person, why and for how long."""
    return render_template("accounts/data/data.html", **_terms_of_keeping())


@blueprint.get("/account/data/closing")
@reauthentication.required
def closing() -> ResponseReturnValue:
    """Say what will be lost, and for whom, before anything is."""
    account = sessions.current_account()
    return render_template(TEMPLATE, form=Form(), account=account, **_terms_of_keeping())


@blueprint.post("/account/data/closing")
@reauthentication.required
def submit_closing() -> ResponseReturnValue:
    """Erase the account, and leave."""
    form, account = Form(), sessions.current_account()
    if form.load(ClosingSchema()) is None:
        return shown_again(TEMPLATE, form, account=account, **_terms_of_keeping())
    with transaction():
        erasure.erase(account, by=account.actor, at=clock.now())
    sessions.leave()
    return redirect(url_for("accounts.closed"), HTTPStatus.SEE_OTHER)


@blueprint.get("/account/closed")
def closed() -> ResponseReturnValue:
    """Say so, to whoever is not signed in any more."""
    return render_template("accounts/data/closed.html")


def _terms_of_keeping() -> dict[str, Any]:
    """For how many days what is not kept for years is kept."""
    return {
        "mail_days": KEPT.days,
        "document_days": current_app.config["EVIDENCE_RETENTION_DAYS"],
    }
