"""Requests to represent or manage: the queue, and one of them."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.admin import mandates
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.context import member_may
from idp.admin.mandates import Wanted
from idp.admin.rules import Permission
from idp.extensions import transaction
from idp.grants import acting
from idp.mandates import inviting, lookup, rules
from idp.mandates.models import Kind, MandateRequest, RequestState
from idp.pages.paging import Paging


@blueprint.get("/mandates", endpoint="mandates")
@staff_required(Permission.SEE_MANDATE)
def queue() -> ResponseReturnValue:
    """What awaits a decision, the oldest first; or what was settled."""
    wanted = Wanted.of(request.args)
    paging = Paging.of_request(mandates.count(wanted))
    return render_template(
        "admin/mandates.html",
        wanted=wanted,
        states=mandates.SHOWN_STATES,
        kinds=tuple(Kind),
        open_count=mandates.count_open(),
        paging=paging,
        requests=mandates.requests(wanted, paging),
    )


@blueprint.get("/mandates/<public_id>")
@staff_required(Permission.SEE_MANDATE)
def mandate(public_id: str) -> ResponseReturnValue:
    """One request. Who shall read its documents doesn't see what was claimed before."""
    found = lookup.get(public_id)
    is_open = found.state is RequestState.OPEN
    may_review = (
        is_open
        and member_may(Permission.REVIEW_EVIDENCE)
        and rules.may_review(mandates.current_reviewer(), found)
    )
    readings = [] if is_open else mandates.readings_of(found)
    return render_template(
        "admin/mandate.html",
        mandate=found,
        is_open=is_open,
        may_review=may_review,
        shows_claim=not (is_open and member_may(Permission.REVIEW_EVIDENCE)),
        readings=[(each, rules.compare(found, each)) for each in readings],
        names=mandates.staff_names(found, readings),
        may_be_invited_again=inviting.may_be_invited_again(found, clock.now()),
        representatives=_representatives(found, may_review=may_review),
    )


@blueprint.post("/mandates/<public_id>/invitation")
@staff_required(Permission.OPEN_MANDATE)
def invite_again(public_id: str) -> ResponseReturnValue:
    """Another invitation, where nobody answered the first one in time."""
    with transaction():
        inviting.invite_again(public_id, by=mandates.current_reviewer().actor, at=clock.now())
    return redirect(url_for("admin.mandate", public_id=public_id), HTTPStatus.SEE_OTHER)


def _representatives(found: MandateRequest, *, may_review: bool) -> int:
    """How many people represent the holder now: worth knowing before another one does."""
    if not may_review or found.kind is Kind.MANAGER:
        return 0
    return len(acting.representatives_of(found.holder_tax_id, clock.now()))
