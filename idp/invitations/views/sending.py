"""The wizard's last step: check everything, accept the terms, send."""

from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n
from idp.accounts.sessions import current_account
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form
from idp.http_errors import status_of
from idp.invitations import drafts, lookup, offering, selection, services
from idp.invitations.conditions import Choice
from idp.invitations.drafts import Step
from idp.invitations.errors import DraftChanged
from idp.invitations.models import InvitationDraft
from idp.invitations.schemas import CheckSchema, Offer, read_offer
from idp.invitations.views import blueprint
from idp.invitations.views.steps import (
    RETURN,
    for_holders,
    open_draft,
    place_of,
    status_for,
    url_of,
)
from idp.registry.models import Holder
from idp.registry.services import find_holder

HOUR = 3600


@blueprint.route("/invitations/new/<draft_id>/check", methods=["GET", "POST"])
@for_holders
def check(draft_id: str) -> ResponseReturnValue:
    """Step 4; sent, it leads to the confirmation."""
    draft = open_draft(draft_id)
    wanted = read_offer(draft)
    if (missing := _first_unanswered(draft, wanted)) is not None or wanted is None:
        step = missing or Step.GUEST
        page = url_of(step, draft, **{RETURN: Step.CHECK.value})
        return redirect(page, HTTPStatus.SEE_OTHER)
    form = Form()
    if request.method == "POST" and (data := form.load(CheckSchema())) is not None:
        try:
            return _send(draft_id, data["seen"])
        except DomainError as error:
            form.refuse(error)
            return _check_page(form, draft_id), status_of(error)
    return _check_page(form, draft_id), status_for(form)


def _send(draft_id: str, seen: str) -> ResponseReturnValue:
    account = current_account()
    services.count_attempt(account)
    with transaction():
        invitation = services.offer(
            draft_id,
            inviter=account,
            seen_by_inviter=seen,
            locale=i18n.negotiate(),
            at=clock.now(),
        )
    page = url_for("invitations.confirmation", public_id=invitation.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)


def _first_unanswered(draft: InvitationDraft, wanted: Offer | None) -> Step | None:
    """The first step that has no answer yet, or None."""
    if selection.count_all_offerable(draft) == 0:
        return Step.HOLDER
    if draft.choice == "":
        return Step.CHOICE
    if selection.count_offerable(draft) == 0:
        return Step.INSTALLATIONS
    return Step.GUEST if wanted is None else None


def _check_page(form: Form, draft_id: str) -> str:
    draft = open_draft(draft_id)
    wanted = read_offer(draft)
    if wanted is None:
        raise DraftChanged
    holder = find_holder(draft.holder_tax_id)
    offerable = selection.count_offerable(draft)
    return render_template(
        "invitations/check.html",
        form=form,
        place=place_of(Step.CHECK, draft),
        offer=wanted,
        holder=holder,
        is_own=draft.holder_tax_id == current_account().tax_id,
        count=offerable,
        choice=draft.choice,
        left_out=_left_out(draft, offerable),
        seen=offering.seen(draft),
        already=_already(wanted, holder),
        change={step.value: url_of(step, draft, **{RETURN: "check"}) for step in Step},
        asks_segment=Step.SEGMENT in drafts.steps_of(draft),
        segment=draft.segment,
        hours=current_app.config["INVITATION_LIFE_SECONDS"] // HOUR,
    )


def _left_out(draft: InvitationDraft, offerable: int) -> int:
    """How many of those chosen one by one can't be offered any more."""
    if draft.choice in (Choice.TODAY, Choice.EVERYTHING):
        return 0
    return selection.count_chosen(draft) - offerable


def _already(wanted: Offer, holder: Holder | None) -> object:
    """An invitation to the same person that awaits an answer, to be told about."""
    if holder is None:
        return None
    return lookup.find_open_to(
        wanted.guest_tax_id, holder=holder.tax_id, inviter=current_account(), at=clock.now()
    )
