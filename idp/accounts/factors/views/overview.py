"""Everything that makes signing in safer, on one page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from idp.accounts import sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.factors import apps, passkeys, recovery_codes
from idp.accounts.factors.rules import FEW_CODES
from idp.accounts.sessions import sign_in_required


@blueprint.get("/account/security/factors")
@sign_in_required
def factors() -> ResponseReturnValue:
    """The app, the passkeys and how many recovery codes are left."""
    account = sessions.current_account()
    app, keys = apps.find(account), passkeys.of(account)
    left = recovery_codes.count_left(account) if app or keys else None
    return render_template(
        "accounts/factors/overview.html",
        app=app,
        passkeys=keys,
        codes_left=left,
        few=left is not None and left <= FEW_CODES,
    )
