"""Staff are about to remove my second factors, and I have not asked for it."""

from http import HTTPStatus

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.blueprint import blueprint
from idp.accounts.recovery import factor_removals
from idp.accounts.recovery.views.refusals import LINK_ERRORS, link_refused
from idp.extensions import transaction


@blueprint.get("/factors/removal/<token>")
def factor_removal(token: str) -> ResponseReturnValue:
    """Say what happens when, and offer to stop it; opening the link changes nothing."""
    try:
        removal = factor_removals.get_cancellable(token, at=clock.now())
    except LINK_ERRORS as error:
        return link_refused(error)
    return render_template("accounts/recovery/factor_removal.html", removal=removal)


@blueprint.post("/factors/removal/<token>")
def cancel_factor_removal(token: str) -> ResponseReturnValue:
    """Keep the factors."""
    try:
        with transaction():
            factor_removals.cancel(token, at=clock.now())
    except LINK_ERRORS as error:
        return link_refused(error)
    return redirect(url_for("accounts.factors_kept"), HTTPStatus.SEE_OTHER)


@blueprint.get("/factors/kept")
def factors_kept() -> ResponseReturnValue:
    """Say so."""
    return render_template("accounts/recovery/factors_kept.html")
