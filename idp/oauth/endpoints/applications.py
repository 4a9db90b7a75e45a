"""The person's own list of what they agreed to; taking it back is as easy as giving it."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.extensions import transaction
from idp.forms import Form
from idp.oauth.authorization import consents
from idp.oauth.authorization.consent_page import lines
from idp.oauth.blueprint import blueprint


@blueprint.get("/account/applications")
@sign_in_required
def applications() -> ResponseReturnValue:
    """Which applications, since when, and what they may see."""
    given = consents.given_by(current_account())
    return render_template("oauth/applications.html", given=given, lines=lines)


@blueprint.get("/account/applications/<client_id>/withdrawal")
@sign_in_required
def withdrawal(client_id: str) -> ResponseReturnValue:
    """What will be lost, and the button."""
    given = consents.get_given(current_account(), client_id)
    return render_template("oauth/withdrawal.html", form=Form(), given=given)


@blueprint.post("/account/applications/<client_id>/withdrawal")
@sign_in_required
def withdraw(client_id: str) -> ResponseReturnValue:
    """Done; pressing the button twice does no harm."""
    with transaction():
        consents.withdraw(current_account(), client_id, at=clock.now())
    return redirect(url_for("oauth.applications"), HTTPStatus.SEE_OTHER)
