"""My account: what is on record, security, what happened."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.data import activity
from idp.accounts.factors import pending
from idp.accounts.sessions import sign_in_required


@blueprint.get("/account")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Who I am here, and where to change what."""
    return render_template("accounts/data/overview.html", account=sessions.current_account())


@blueprint.get("/account/security")
@sign_in_required
def security() -> ResponseReturnValue:
    """Password and signed-in browsers."""
    account = sessions.current_account()
    count = len(sessions.live_sessions(account, at=clock.now()))
    return render_template(
        "accounts/data/security.html",
        account=account,
        session_count=count,
        has_factor=pending.has_factor(account.id),
    )


@blueprint.get("/account/activity", endpoint="activity")
@sign_in_required
def activity_log() -> ResponseReturnValue:
    """What happened with this account, the latest first."""
    account = sessions.current_account()
    page = activity.page_of(account, before=_number(request.args.get("before", "")))
    return render_template("accounts/data/activity.html", history=page)


def _number(text: str) -> int | None:
    """An event's number, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= activity.DIGITS else None
