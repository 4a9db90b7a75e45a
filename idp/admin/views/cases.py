"""Staff open a case for somebody at the desk or on the phone."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.mandate_forms import CaseSchema
from idp.admin.mandates import current_reviewer
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.evidence import services as evidence
from idp.evidence.uploads import takes_documents
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.mandates import sending
from idp.mandates.models import Kind, MandateRequest
from idp.mandates.rules import Claim
from idp.mandates.sending import Call


@blueprint.route("/mandates/new", methods=["GET", "POST"])
@staff_required(Permission.OPEN_MANDATE)
@takes_documents()
def open_mandate() -> ResponseReturnValue:
    """Who speaks to us and why, which company, who shall represent it, what was shown."""
    form = Form()
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        data = form.load(CaseSchema())
        try:
            if data is not None:
                opened = _open(data)
                page = url_for("admin.mandate", public_id=opened.public_id)
                return redirect(page, HTTPStatus.SEE_OTHER)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
    return render_template("admin/mandate_new.html", form=form), status


def _open(data: dict[str, Any]) -> MandateRequest:
    claim = Claim(
        kind=Kind.REPRESENTATIVE,
        holder_tax_id=data["company_tax_id"],
        holder_name=data["company_name"],
        nominee_tax_id=data["nominee_tax_id"],
        nominee_name=data["nominee_name"],
        nominee_email=data["nominee_email"],
    )
    call = Call(
        channel=data["channel"],
        name=data["caller_name"],
        phone=data["caller_phone"],
        relation=data["caller_relation"],
        reason=data["reason"],
        seen_at_desk=data["seen_at_desk"],
    )
    by = current_reviewer()
    with evidence.refusals_recorded(by.actor), transaction():
        return sending.open_case(
            claim, call, data["documents"], by=by, locale=i18n.negotiate(), at=clock.now()
        )
