"""The first page: which company, who shall act, how far and until when."""

from datetime import timedelta
from http import HTTPStatus

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n
from idp.accounts.sessions import current_account, sign_in_required
from idp.errors import NotFound
from idp.extensions import transaction
from idp.forms import Form
from idp.grants import acting
from idp.http_errors import status_of
from idp.invitations import days
from idp.mandates import drafting, lookup, questions
from idp.mandates.blueprint import blueprint
from idp.mandates.errors import CompanyCannotAct, NobodyToActFor
from idp.mandates.models import MandateRequest, RequestState
from idp.mandates.questions import Questions
from idp.mandates.rules import Flow

TEMPLATES = {
    Flow.REPRESENT: "mandates/represent.html",
    Flow.ADD: "mandates/representative.html",
    Flow.REPLACE: "mandates/representative.html",
    Flow.MANAGER: "mandates/manager.html",
}


@blueprint.route("/account/companies/new", methods=["GET", "POST"])
@sign_in_required
def represent() -> ResponseReturnValue:
    """I represent a company: which one?"""
    if current_account().tax_id.is_company:
        raise CompanyCannotAct
    return _begin(Flow.REPRESENT)


@blueprint.route("/account/contacts/representatives/new", methods=["GET", "POST"])
@sign_in_required
def add_representative() -> ResponseReturnValue:
    """Another person who shall represent a company of mine."""
    return _begin(Flow.ADD)


@blueprint.route("/account/contacts/<grant_id>/replacement", methods=["GET", "POST"])
@sign_in_required
def replace_representative(grant_id: str) -> ResponseReturnValue:
    """A person who shall represent the company instead of the one whose grant this is."""
    account, at = current_account(), clock.now()
    grant = lookup.get_representation(grant_id)
    if not acting.acts_for(account, grant.holder_tax_id, at):
        raise NotFound
    return _page(questions.questions(Flow.REPLACE, account, at, replaces=grant))


@blueprint.route("/account/contacts/managers/new", methods=["GET", "POST"])
@sign_in_required
def add_manager() -> ResponseReturnValue:
    """An external manager for me, or for a company of mine."""
    return _begin(Flow.MANAGER)


@blueprint.route("/account/requests/<public_id>/answers", methods=["GET", "POST"])
@sign_in_required
def change(public_id: str) -> ResponseReturnValue:
    """The same page again, to correct something before the request is sent."""
    account = current_account()
    draft = lookup.get_own(public_id, account)
    if draft.state is not RequestState.DRAFT:
        return redirect(url_for("mandates.show", public_id=public_id), HTTPStatus.SEE_OTHER)
    return _page(questions.questions_of(draft, account, clock.now()), draft)


def _begin(flow: Flow) -> ResponseReturnValue:
    try:
        asked = questions.questions(flow, current_account(), clock.now())
    except NobodyToActFor as error:
        return render_template("mandates/nobody.html", flow=flow.value), status_of(error)
    return _page(asked)


def _page(asked: Questions, draft: MandateRequest | None = None) -> ResponseReturnValue:
    at = clock.now()
    form = Form(questions.answers_of(draft) if draft else None)
    if request.method == "POST" and (claim := questions.read(form, asked, at)) is not None:
        with transaction():
            if draft is None:
                draft = drafting.begin(claim, by=asked.account, locale=i18n.negotiate(), at=at)
            else:
                draft = lookup.get_locked(draft.public_id, asked.account)
                drafting.change(draft, claim, by=asked.account, at=at)
        step = "check" if draft.documents else "documents"
        return redirect(
            url_for(f"mandates.{step}", public_id=draft.public_id), HTTPStatus.SEE_OTHER
        )
    page = render_template(
        TEMPLATES[asked.flow],
        form=form,
        asked=asked,
        draft=draft,
        tomorrow=(days.today(at) + timedelta(days=1)).isoformat(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
