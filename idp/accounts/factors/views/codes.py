"""Recovery codes: how many are left, and new ones."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import reauthentication, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import pending, recovery_codes, services
from idp.extensions import transaction


@blueprint.get("/account/security/recovery-codes")
@reauthentication.required
def confirm_new_codes() -> ResponseReturnValue:
    """Name what new ones mean for those on paper."""
    account = sessions.current_account()
    if not pending.has_factor(account.id):
        return redirect(url_for("accounts.factors"))
    left = recovery_codes.count_left(account)
    return render_template("accounts/factors/codes.html", left=left)


@blueprint.post("/account/security/recovery-codes")
@reauthentication.required
def make_codes() -> ResponseReturnValue:
    """Show ten new ones, this once."""
    account = sessions.current_account()
    with transaction():
        codes = services.renew_codes(account, at=clock.now())
    return render_template("accounts/factors/codes_made.html", codes=codes)
