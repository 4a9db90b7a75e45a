"""How installations are chosen: one by one, all of today, or all, those to come too."""

from http import HTTPStatus

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp.extensions import transaction
from idp.forms import Form
from idp.invitations import drafts
from idp.invitations.conditions import EVERY_SEGMENT, Choice
from idp.invitations.drafts import Step
from idp.invitations.models import InvitationDraft
from idp.invitations.schemas import ChoiceSchema
from idp.invitations.selection import count_all_offerable
from idp.invitations.views import blueprint
from idp.invitations.views.steps import (
    for_holders,
    go_on,
    open_draft,
    place_of,
    status_for,
    url_of,
)


@blueprint.route("/invitations/new/<draft_id>/choice", methods=["GET", "POST"])
@for_holders
def choice(draft_id: str) -> ResponseReturnValue:
    """Some of the installations, all of today, or all, those to come too."""
    draft = open_draft(draft_id)
    if draft.choice is None:
        return redirect(url_of(Step.INSTALLATIONS, draft), HTTPStatus.SEE_OTHER)
    form = Form({"choice": draft.choice})
    if request.method == "POST" and (data := form.load(ChoiceSchema())) is not None:
        if _may_choose(draft, data["choice"]):
            with transaction():
                draft = open_draft(draft_id, lock=True)
                drafts.record_choice(draft, data["choice"])
            return go_on(draft, Step.CHOICE)
        form.errors["choice"] = _("Choose one of the options.")
    page = render_template(
        "invitations/choice.html",
        form=form,
        place=place_of(Step.CHOICE, draft),
        count=count_all_offerable(draft),
        asks_segment=Step.SEGMENT in drafts.steps_of(draft),
        may_be_everything=_may_choose(draft, Choice.EVERYTHING),
    )
    return page, status_for(form)


def _may_choose(draft: InvitationDraft, choice: Choice) -> bool:
    """Everything follows the holder, so it can't be about one segment only."""
    return choice is not Choice.EVERYTHING or draft.segment in (None, EVERY_SEGMENT)
