"""The wizard's question about the guest: who it is, to do what, until when."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form, cleaned
from idp.invitations import days, drafts, offering
from idp.invitations.drafts import GUEST_ANSWERS, Step
from idp.invitations.models import InvitationDraft
from idp.invitations.schemas import GuestSchema, Offer
from idp.invitations.views import blueprint
from idp.invitations.views.steps import for_holders, go_on, open_draft, place_of, status_for


@blueprint.route("/invitations/new/<draft_id>/guest", methods=["GET", "POST"])
@for_holders
def guest(draft_id: str) -> ResponseReturnValue:
    """Who is invited, to do what, until when."""
    draft = open_draft(draft_id)
    form = Form({name: getattr(draft, name) for name in GUEST_ANSWERS})
    if request.method == "POST" and _read_guest(form, draft):
        answers = {name: cleaned(name, form.values.get(name, "")) for name in GUEST_ANSWERS}
        with transaction():
            draft = open_draft(draft_id, lock=True)
            drafts.record_guest(draft, answers)
        return go_on(draft, Step.GUEST)
    tomorrow = days.today(clock.now()) + timedelta(days=1)
    page = render_template(
        "invitations/guest.html",
        form=form,
        place=place_of(Step.GUEST, draft),
        tomorrow=tomorrow.isoformat(),
    )
    return page, status_for(form)


def _read_guest(form: Form, draft: InvitationDraft) -> bool:
    """Whether the answers can be offered; if not, the form says what is wrong."""
    data = form.load(GuestSchema())
    if data is None:
        return False
    try:
        offering.check_offer(Offer(**data), draft=draft, inviter=current_account(), at=clock.now())
    except DomainError as error:
        form.refuse(error)
    return not form.errors
