"""My account: what is on record, security, what happened."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from config.market import Profile
from idp import clock
from idp.accounts import sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.data import activity, labels, wording
from idp.accounts.data.wording import Kind
from idp.accounts.factors import pending
from idp.accounts.models import Account, AccountKind
from idp.accounts.sessions import sign_in_required


@blueprint.get("/account")
@sign_in_required
def overview() -> ResponseReturnValue:
    """Who I am here, and where to change what."""
    account = sessions.current_account()
    return render_template(
        "accounts/data/overview.html",
        account=account,
        kinds=labels.KINDS,
        assurances=labels.ASSURANCES,
        may_change_kind=_may_change_kind(account),
    )


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
    kind = _kind(request.args.get("kind", ""))
    before = _number(request.args.get("before", ""))
    return render_template(
        "accounts/data/activity.html",
        history=activity.page_of(sessions.current_account(), before=before, kind=kind),
        kind=kind,
        kinds=wording.KINDS,
        people=wording.PEOPLE,
    )


def _may_change_kind(account: Account) -> bool:
    """Whether this market knows agencies; an account that is one can always be looked at."""
    market: Profile = current_app.config["PROFILE"]
    is_agency = account.kind is AccountKind.AGENCY
    return is_agency or market.form_of(AccountKind.AGENCY.value) is not None


def _kind(text: str) -> Kind | None:
    """What to narrow the list to, or None for anything else."""
    return Kind(text) if text in set(Kind) else None


def _number(text: str) -> int | None:
    """An event's number, or None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= activity.DIGITS else None
