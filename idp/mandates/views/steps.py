"""The steps after the answers: documents, check, sent."""

from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from idp import clock
from idp.accounts import reauthentication
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import DomainError
from idp.evidence import services as evidence
from idp.evidence.uploads import takes_documents
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.mandates import drafting, lookup, sending
from idp.mandates.blueprint import blueprint
from idp.mandates.errors import NoDocuments
from idp.mandates.models import MandateRequest, RequestState
from idp.mandates.schemas import CheckSchema, DocumentsSchema


@blueprint.route("/account/requests/<public_id>/documents", methods=["GET", "POST"])
@sign_in_required
@takes_documents()
def documents(public_id: str) -> ResponseReturnValue:
    """What staff shall look at; sent without a file, those attached before stay."""
    draft = lookup.get_own(public_id, current_account())
    if draft.state is not RequestState.DRAFT:
        return _to("show", draft)
    form = Form()
    if request.method == "POST" and (data := form.load(DocumentsSchema())) is not None:
        try:
            _attach(draft, data["documents"])
            return _to("check", draft)
        except DomainError as error:
            form.refuse(error)
            draft = lookup.get_own(public_id, current_account())
    page = render_template("mandates/documents.html", form=form, draft=draft)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@blueprint.route("/account/requests/<public_id>/check", methods=["GET", "POST"])
@reauthentication.required
def check(public_id: str) -> ResponseReturnValue:
    """Everything once more; then it is sent."""
    draft = lookup.get_own(public_id, current_account())
    if draft.state is not RequestState.DRAFT:
        return _to("confirmation", draft)
    if not draft.documents:
        return _to("documents", draft)
    form = Form()
    status = HTTPStatus.OK
    if request.method == "POST":
        data = form.load(CheckSchema())
        try:
            if data is not None:
                return _to("confirmation", _send(draft, data["seen"]))
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        except DomainError as error:
            form.refuse(error)
            status = status_of(error)
            draft = lookup.get_own(public_id, current_account())
    return render_template(
        "mandates/check.html", form=form, draft=draft, seen=drafting.seen(draft)
    ), status


@blueprint.get("/account/requests/<public_id>/confirmation")
@sign_in_required
def confirmation(public_id: str) -> ResponseReturnValue:
    """What happened, the number to quote, and what happens next."""
    sent = lookup.get_own(public_id, current_account())
    if sent.state is RequestState.DRAFT:
        return _to("check", sent)
    return render_template("mandates/confirmation.html", mandate=sent)


def _attach(draft: MandateRequest, files: list[FileStorage]) -> None:
    account = current_account()
    if not files and draft.documents:
        return
    if not files:
        raise NoDocuments
    with evidence.refusals_recorded(account.actor), transaction():
        locked = lookup.get_locked(draft.public_id, account)
        drafting.attach(locked, files, by=account, at=clock.now())


def _send(draft: MandateRequest, seen: str) -> MandateRequest:
    account = current_account()
    sending.count_attempt(account)
    with transaction():
        return sending.send(draft.public_id, by=account, seen=seen, at=clock.now())


def _to(step: str, draft: MandateRequest) -> ResponseReturnValue:
    page = url_for(f"mandates.{step}", public_id=draft.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)
