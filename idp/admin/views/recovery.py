"""Correct an e-mail address, remove lost second factors: with what was checked, and why."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp.accounts.recovery.email_changes import Caller
from idp.admin import reading, recovering, sessions
from idp.admin.access import staff_required
from idp.admin.blueprint import blueprint
from idp.admin.recovery_forms import CorrectionSchema, RemovalSchema
from idp.admin.rules import Permission
from idp.errors import DomainError
from idp.evidence import services as evidence
from idp.evidence.responses import attachment
from idp.evidence.uploads import takes_documents
from idp.extensions import transaction
from idp.forms import Form, FormSchema
from idp.http_errors import status_of


@blueprint.route("/accounts/<public_id>/email", methods=["GET", "POST"])
@staff_required(Permission.CORRECT_EMAIL)
def correct_email(public_id: str) -> ResponseReturnValue:
    """Who calls, what was checked, which address shall be the new one."""

    def act(data: dict[str, Any]) -> None:
        recovering.correct_email(
            public_id,
            data["new_email"],
            caller=Caller(data["caller_name"], data["caller_phone"]),
            checked=data["checked"],
            reason=data["reason"],
        )

    return _asked(public_id, "admin/account_email.html", CorrectionSchema(), act)


@blueprint.route("/accounts/<public_id>/factors", methods=["GET", "POST"])
@staff_required(Permission.REMOVE_FACTORS)
@takes_documents()
def remove_factors(public_id: str) -> ResponseReturnValue:
    """What was checked before somebody's second factors go, and copies of it."""

    def act(data: dict[str, Any]) -> None:
        recovering.remove_factors(
            public_id, data["documents"], checked=data["checked"], reason=data["reason"]
        )

    return _asked(public_id, "admin/account_factors.html", RemovalSchema(), act)


@blueprint.post("/accounts/<public_id>/documents/<document_id>")
@staff_required(Permission.REVIEW_EVIDENCE)
def account_document(public_id: str, document_id: str) -> ResponseReturnValue:
    """What showed whose factors they were, to save; posted, as the trail keeps who opened it."""
    with transaction():
        document = recovering.get_document(public_id, document_id)
        return attachment(document, by=sessions.current_member().actor)


def _asked(
    public_id: str, template: str, schema: FormSchema, act: Callable[[dict[str, Any]], None]
) -> ResponseReturnValue:
    """The form; posted, it does it and goes back to the account. A locked one has neither."""
    account = reading.get_account(public_id)
    page = url_for("admin.account", public_id=account.public_id)
    if account.locked_at is not None:
        return redirect(page, HTTPStatus.SEE_OTHER)
    form, status = Form(), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        data = form.load(schema)
        try:
            if data is not None:
                by = sessions.current_member().actor
                with evidence.refusals_recorded(by), transaction():
                    act(data)
                return redirect(page, HTTPStatus.SEE_OTHER)
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
    return render_template(template, form=form, person=account), status
