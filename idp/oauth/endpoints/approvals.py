"""The page on which somebody decides what is asked for by telephone or at a desk."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.models import BrowserSession
from idp.accounts.sessions import ACR_TWO_FACTORS, acr_of, current_session, sign_in_required
from idp.extensions import transaction
from idp.forms import Form
from idp.oauth.approvals import deciding, page
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.blueprint import blueprint
from idp.oauth.ciba import waiting
from idp.oauth.endpoints.consent import ALLOW, DENY


@blueprint.get("/approvals/<public_id>")
@sign_in_required
def approval(public_id: str) -> ResponseReturnValue:
    """The question while it is open, then what became of it; other people's are not there."""
    at, session = clock.now(), current_session()
    row = waiting.get(public_id, session.account)
    state = waiting.state_of(row, at=at)
    if state != "open":
        name = row.client.metadata_["client_name"]
        return render_template("oauth/call_decided.html", state=state, client_name=name)
    if _lacks_factor(row, session):
        return redirect(_step_up(row), HTTPStatus.SEE_OTHER)
    context = page.context(deciding.question(row, session, at=at), at=at)
    return render_template("oauth/call_approval.html", form=Form(), row=row, **context)


@blueprint.post("/approvals/<public_id>")
@sign_in_required
def decide_approval(public_id: str) -> ResponseReturnValue:
    """Allow or deny, once."""
    decision, at, session = request.form.get("decision"), clock.now(), current_session()
    row = waiting.get(public_id, session.account)
    if decision == DENY:
        with transaction():
            deciding.deny(deciding.lock(PendingApproval.id == row.id, at=at), session, at=at)
    elif decision == ALLOW and not _lacks_factor(row, session):
        with transaction():
            row = deciding.lock(PendingApproval.id == row.id, at=at)
            asked = deciding.question(row, session, at=at)
            if not asked.is_impossible and request.form.get("seen") == asked.seen:
                deciding.allow(row, asked, at=at)
    return redirect(url_for("oauth.approval", public_id=public_id), HTTPStatus.SEE_OTHER)


def _lacks_factor(row: PendingApproval, session: BrowserSession) -> bool:
    return row.two_factors and acr_of(session.amr) != ACR_TWO_FACTORS


def _step_up(row: PendingApproval) -> str:
    """The page that asks for the factor, without which this can only be denied."""
    following = url_for("oauth.approval", public_id=row.public_id)
    return url_for("accounts.step_up", next=following, essential=1)
