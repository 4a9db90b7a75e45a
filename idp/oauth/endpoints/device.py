"""The pages on which a person lets a device in (RFC 8628 section 3.3).

The code alone opens nothing, not even where the device put it into the address (section 3.3.1): the
page shows it again, says who asks, for what and from where, and asks.
"""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_session, sign_in_required
from idp.accounts.sign_in.devices import approximate, device_name
from idp.client_address import client_network, network_of
from idp.extensions import transaction
from idp.forms import Form
from idp.oauth.approvals import deciding, page
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.blueprint import blueprint
from idp.oauth.device import codes, limits, services
from idp.oauth.device.schemas import UnknownUserCode, UserCodeForm
from idp.oauth.endpoints.consent import ALLOW, DENY


@blueprint.get("/device")
@sign_in_required
def device() -> ResponseReturnValue:
    """Ask for the code, or, once it is known, for the decision."""
    typed = request.args.get("user_code", "")
    if not typed:
        return _form(Form())
    code = codes.read(typed)
    row = _find(code) if code else None
    return _question(code, row) if code and row else _unknown(typed)


@blueprint.post("/device")
@sign_in_required
def submit_device() -> ResponseReturnValue:
    """Go on to the decision."""
    form = Form()
    if data := form.load(UserCodeForm()):
        if _find(data["user_code"]):
            address = url_for("oauth.device", user_code=data["user_code"])
            return redirect(address, HTTPStatus.SEE_OTHER)
        form.refuse(UnknownUserCode())
    return _form(form), HTTPStatus.UNPROCESSABLE_ENTITY


@blueprint.post("/device/decision")
@sign_in_required
def decide_device() -> ResponseReturnValue:
    """Allow or deny, once."""
    decision, code = request.form.get("decision"), codes.read(request.form.get("user_code", ""))
    if code is None or decision not in {ALLOW, DENY}:
        return redirect(url_for("oauth.device"), HTTPStatus.SEE_OTHER)
    if _find(code) is None:
        return _unknown(code)
    at, session = clock.now(), current_session()
    with transaction():
        row = deciding.lock(services.has_code(code), at=at)
        if decision == DENY:
            deciding.deny(row, session, at=at)
            return redirect(url_for("oauth.device_denied"), HTTPStatus.SEE_OTHER)
        asked = deciding.question(row, session, at=at)
        if asked.is_impossible or request.form.get("seen") != asked.seen:
            address = url_for("oauth.device", user_code=code)
            return redirect(address, HTTPStatus.SEE_OTHER)  # something changed since
        deciding.allow(row, asked, at=at)
    return redirect(url_for("oauth.device_allowed"), HTTPStatus.SEE_OTHER)


@blueprint.get("/device/allowed")
@sign_in_required
def device_allowed() -> ResponseReturnValue:
    """Back to the device."""
    return render_template("oauth/device_decided.html", allowed=True)


@blueprint.get("/device/denied")
@sign_in_required
def device_denied() -> ResponseReturnValue:
    """Nothing happens on the device."""
    return render_template("oauth/device_decided.html", allowed=False)


def _find(code: str) -> PendingApproval | None:
    """The request of this code; raises `TooManyAttempts` for somebody who tries many."""
    account = current_session().account.public_id
    limits.code(account)
    row = services.find_open(code, at=clock.now())
    if row is not None:
        limits.forgive_code(account)
    return row


def _form(form: Form) -> str:
    return render_template("oauth/device.html", form=form)


def _unknown(typed: str) -> ResponseReturnValue:
    form = Form({"user_code": typed})
    form.refuse(UnknownUserCode())
    return _form(form), HTTPStatus.UNPROCESSABLE_ENTITY


def _question(code: str, row: PendingApproval) -> ResponseReturnValue:
    at = clock.now()
    asked = deciding.question(row, current_session(), at=at)
    address = str(row.address) if row.address else None
    return render_template(
        "oauth/device_approval.html",
        form=Form(),
        user_code=code,
        row=row,
        device=device_name(row.user_agent),
        network=approximate(row.address),
        is_elsewhere=network_of(address) != client_network(),
        **page.context(asked, at=at),
    )
