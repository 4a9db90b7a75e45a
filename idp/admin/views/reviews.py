"""Review a request: open its documents, type what they say, compare, decide."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock
from idp.admin import mandates
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.mandate_forms import (
    ApprovalSchema,
    ManagerReadingSchema,
    ReadingSchema,
    RefusalSchema,
)
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.evidence.responses import attachment
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.mandates import lookup, reviewing, rules
from idp.mandates.models import Kind, MandateReading, MandateRequest, Refusal


@blueprint.post("/mandates/<public_id>/documents/<document_id>")
@staff_required(Permission.REVIEW_EVIDENCE)
def mandate_document(public_id: str, document_id: str) -> ResponseReturnValue:
    """The document to save; posted, because the trail keeps who opened it."""
    reviewer = mandates.current_reviewer()
    found = lookup.get(public_id)
    rules.check_may_review(reviewer, found)
    with transaction():
        document = reviewing.get_document(found, document_id)
        return attachment(document, by=reviewer.actor)


@blueprint.route("/mandates/<public_id>/reading", methods=["GET", "POST"])
@staff_required(Permission.REVIEW_EVIDENCE)
def read_mandate(public_id: str) -> ResponseReturnValue:
    """Asks what the documents say; nothing that was claimed stands on this page."""
    found = _reviewable(public_id)
    is_manager = found.kind is Kind.MANAGER
    form = Form()
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        data = form.load(ManagerReadingSchema() if is_manager else ReadingSchema())
        try:
            if data is not None:
                _note(public_id, data)
                return _to("compare_mandate", found)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
    page = render_template("admin/mandate_reading.html", form=form, mandate=found)
    return page, status


@blueprint.route("/mandates/<public_id>/comparison", methods=["GET", "POST"])
@staff_required(Permission.REVIEW_EVIDENCE)
def compare_mandate(public_id: str) -> ResponseReturnValue:
    """What was claimed beside what was read; then it may be approved."""
    found = _reviewable(public_id)
    reading = lookup.find_reading(found, mandates.current_reviewer().reference)
    if reading is None:
        return _to("read_mandate", found)
    form = Form()
    status = HTTPStatus.OK
    if request.method == "POST" and (data := form.load(ApprovalSchema())) is not None:
        try:
            _approve(public_id, data)
            return _to("mandate", found)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
            found = lookup.get(public_id)
    if form.errors and status is HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return _comparison(found, reading, form), status


@blueprint.route("/mandates/<public_id>/refusal", methods=["GET", "POST"])
@staff_required(Permission.REVIEW_EVIDENCE)
def refuse_mandate(public_id: str) -> ResponseReturnValue:
    """Asks why, in words that the applicant is told."""
    found = _reviewable(public_id)
    form = Form()
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        data = form.load(RefusalSchema())
        try:
            if data is not None:
                _refuse(public_id, data)
                return _to("mandate", found)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
    page = render_template(
        "admin/mandate_refusal.html", form=form, mandate=found, refusals=tuple(Refusal)
    )
    return page, status


def _comparison(found: MandateRequest, reading: MandateReading, form: Form) -> str:
    compared = rules.compare(found, reading)
    return render_template(
        "admin/mandate_comparison.html",
        form=form,
        mandate=found,
        compared=compared,
        same_tax_ids=rules.same_tax_ids(compared),
        all_equal=all(each.equal for each in compared),
    )


def _reviewable(public_id: str) -> MandateRequest:
    """Raises `NotFound`, `OwnRequest`, `RequestSettled`."""
    found = lookup.get(public_id)
    rules.check_may_review(mandates.current_reviewer(), found)
    rules.check_open(found)
    return found


def _note(public_id: str, data: dict[str, Any]) -> None:
    typed = {
        "holder_tax_id": data["company_tax_id"],
        "holder_name": data["company_name"],
        "nominee_tax_id": data["nominee_tax_id"],
        "nominee_name": data["nominee_name"],
        "level": data.get("level"),
        "ends_on": data.get("ends_on"),
    }
    with transaction():
        reviewing.note(public_id, typed, by=mandates.current_reviewer(), at=clock.now())


def _approve(public_id: str, data: dict[str, Any]) -> None:
    with transaction():
        reviewing.approve(
            public_id,
            identity_seen=bool(data["identity_seen"]),
            remark=data["remark"],
            by=mandates.current_reviewer(),
            at=clock.now(),
        )


def _refuse(public_id: str, data: dict[str, Any]) -> None:
    with transaction():
        reviewing.refuse(
            public_id,
            data["refusal"],
            text=data["text"],
            by=mandates.current_reviewer(),
            at=clock.now(),
        )


def _to(page: str, found: MandateRequest) -> ResponseReturnValue:
    return redirect(url_for(f"admin.{page}", public_id=found.public_id), HTTPStatus.SEE_OTHER)
