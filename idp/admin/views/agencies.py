"""Real-estate agencies: the queue, one of them, and whether the council has its licence."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.registration import agencies as service
from idp.accounts.registration.models import Agency, CreciState
from idp.admin import agencies as reading
from idp.admin import sessions
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.context import member_may
from idp.admin.forms import AgencyRefusalSchema, AgencySeenSchema
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.pages.paging import Paging


@blueprint.get("/agencies")
@staff_required(Permission.SEE_AGENCY)
def agencies() -> ResponseReturnValue:
    """Those whose licence awaits a look in the council's register; or those that had one."""
    state = reading.wanted(request.args)
    paging = Paging.of_request(reading.count(state))
    return render_template(
        "admin/agencies.html",
        state=state,
        states=tuple(CreciState),
        paging=paging,
        agencies=reading.agencies(state, paging),
    )


@blueprint.get("/agencies/<public_id>")
@staff_required(Permission.SEE_AGENCY)
def agency(public_id: str) -> ResponseReturnValue:
    """What one says of itself; the id is that of its account."""
    return _page(service.get(public_id), Form())


@blueprint.post("/agencies/<public_id>/confirmation")
@staff_required(Permission.REVIEW_AGENCY)
def confirm_agency(public_id: str) -> ResponseReturnValue:
    """The council has it, as it was shown."""
    form = Form()
    data = form.load(AgencySeenSchema()) or {"version": 0}
    _check_own(public_id)
    try:
        with transaction():
            by = sessions.current_member().actor
            service.confirm(public_id, version=data["version"], by=by, at=clock.now())
    except DomainError as error:
        form.refuse(error)
        return _page(service.get(public_id), form, status_of(error))
    return _to(public_id)


@blueprint.route("/agencies/<public_id>/refusal", methods=["GET", "POST"])
@staff_required(Permission.REVIEW_AGENCY)
def refuse_agency(public_id: str) -> ResponseReturnValue:
    """Asks why, in words that the person is told."""
    form = Form()
    status = HTTPStatus.OK
    found = _check_own(public_id)
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        data = form.load(AgencyRefusalSchema())
        try:
            if data is not None:
                _refuse(public_id, data["version"], data["text"])
                return _to(public_id)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
    return render_template("admin/agency_refusal.html", form=form, agency=found), status


def _refuse(public_id: str, version: int, reason: str) -> None:
    with transaction():
        by = sessions.current_member().actor
        service.refuse(public_id, version=version, reason=reason, by=by, at=clock.now())


def _check_own(public_id: str) -> Agency:
    """Raises `NotFound` and `OwnAgency`."""
    found = service.get(public_id)
    reading.check_may_review(sessions.current_member(), found.account)
    return found


def _page(found: Agency, form: Form, status: HTTPStatus = HTTPStatus.OK) -> ResponseReturnValue:
    waits = found.creci_state is CreciState.WAITING and member_may(Permission.REVIEW_AGENCY)
    is_own = not reading.may_review(sessions.current_member(), found.account)
    page = render_template(
        "admin/agency.html", form=form, agency=found, may_review=waits and not is_own, is_own=is_own
    )
    return page, status


def _to(public_id: str) -> ResponseReturnValue:
    return redirect(url_for("admin.agency", public_id=public_id), HTTPStatus.SEE_OTHER)
