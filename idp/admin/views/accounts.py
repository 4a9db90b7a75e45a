"""An account: who it is, what it may see and let others see, and how to stop it."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import sessions as browser_sessions
from idp.accounts.models import Account
from idp.admin import acting, reading, recovering
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.forms import ErasureSchema, ReasonSchema
from idp.admin.newest import asked_before
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form

FIRST_FEW = 5  # of each list on the account's own page; each has a page of its own for the rest


@blueprint.get("/accounts/<public_id>")
@staff_required(Permission.SEE_ACCOUNT)
def account(public_id: str) -> ResponseReturnValue:
    """Everything about one account at a glance."""
    account = reading.get_account(public_id)
    return render_template(
        "admin/account.html",
        person=account,
        sessions=browser_sessions.live_sessions(account, at=clock.now()),
        **recovering.standing_of(account, at=clock.now()),
        given=reading.grants_given(account, limit=FIRST_FEW),
        received=reading.grants_received(account, limit=FIRST_FEW),
        invitations=reading.invitations_of(account, limit=FIRST_FEW),
        history=reading.history("account", account.public_id),
    )


@blueprint.get("/accounts/<public_id>/grants/given")
@staff_required(Permission.SEE_ACCOUNT)
def account_grants_given(public_id: str) -> ResponseReturnValue:
    """All grants that this account gave."""
    account = reading.get_account(public_id)
    grants = reading.grants_given(account, before=asked_before())
    return render_template("admin/account_grants.html", person=account, grants=grants, given=True)


@blueprint.get("/accounts/<public_id>/grants/received")
@staff_required(Permission.SEE_ACCOUNT)
def account_grants_received(public_id: str) -> ResponseReturnValue:
    """All grants that this account received."""
    account = reading.get_account(public_id)
    grants = reading.grants_received(account, before=asked_before())
    return render_template("admin/account_grants.html", person=account, grants=grants, given=False)


@blueprint.get("/accounts/<public_id>/invitations")
@staff_required(Permission.SEE_ACCOUNT)
def account_invitations(public_id: str) -> ResponseReturnValue:
    """All invitations from or to this account."""
    account = reading.get_account(public_id)
    invitations = reading.invitations_of(account, before=asked_before())
    return render_template(
        "admin/account_invitations.html", person=account, invitations=invitations
    )


@blueprint.get("/accounts/<public_id>/history")
@staff_required(Permission.SEE_ACCOUNT)
def account_history(public_id: str) -> ResponseReturnValue:
    """All events of this account."""
    account = reading.get_account(public_id)
    return render_template(
        "admin/history.html",
        heading=account.name,
        back_href=_page_of(account),
        history=reading.history("account", account.public_id, before=asked_before()),
    )


@blueprint.route("/accounts/<public_id>/lock", methods=["GET", "POST"])
@staff_required(Permission.LOCK_ACCOUNT)
def lock_account(public_id: str) -> ResponseReturnValue:
    """Shut a person out and stop every grant they gave or received."""
    return _with_reason(public_id, "admin/account_lock.html", acting.lock_account)


@blueprint.route("/accounts/<public_id>/unlock", methods=["GET", "POST"])
@staff_required(Permission.UNLOCK_ACCOUNT)
def unlock_account(public_id: str) -> ResponseReturnValue:
    """Let a person in again; their grants stay cancelled."""
    return _with_reason(public_id, "admin/account_unlock.html", acting.unlock_account)


@blueprint.route("/accounts/<public_id>/erasure", methods=["GET", "POST"])
@staff_required(Permission.ERASE_ACCOUNT)
def erase_account(public_id: str) -> ResponseReturnValue:
    """Forget a person who asked for it; the words that are typed and the reason stay on record."""
    account = reading.get_account(public_id)
    form = Form()
    if account.erased_at is not None:
        return redirect(_page_of(account), HTTPStatus.SEE_OTHER)
    if request.method == "POST" and (data := form.load(ErasureSchema())) is not None:
        with transaction():
            acting.erase_account(public_id, data["reason"], data["confirmation"])
        return redirect(_page_of(account), HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("admin/account_erasure.html", form=form, person=account), status


@blueprint.route("/accounts/<public_id>/sign-out", methods=["GET", "POST"])
@staff_required(Permission.END_SESSIONS)
def end_sessions(public_id: str) -> ResponseReturnValue:
    """Sign a person out of every browser."""
    return _with_reason(public_id, "admin/account_sessions.html", acting.end_sessions)


def _with_reason(public_id: str, template: str, act: acting.OnAccount) -> ResponseReturnValue:
    """The page that names what will be lost and asks why; posted, it does it."""
    account = reading.get_account(public_id)
    form = Form()
    if request.method == "POST" and (data := form.load(ReasonSchema())) is not None:
        try:
            with transaction():
                act(public_id, data["reason"])
            return redirect(_page_of(account), HTTPStatus.SEE_OTHER)
        except DomainError as error:
            form.refuse(error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template(template, form=form, person=account), status


def _page_of(account: Account) -> str:
    return url_for("admin.account", public_id=account.public_id)
