"""What the pages of this feature share: filters, steps, where each leads."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from idp.accounts.sessions import current_account
from idp.contacts import drafts
from idp.contacts.drafts import Step
from idp.contacts.models import ContactDraft
from idp.forms import Form
from idp.grants.ledger import Standing

RETURN = "return"  # a query parameter: `return=check` comes back to the check page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: number `number` of `total`, and the address of the one before."""

    number: int
    total: int
    back: str  # empty: there is none


def standing_asked() -> Standing | None:
    """Which state the list is asked for; None: any."""
    return next((each for each in Standing if each.value == request.args.get("standing")), None)


def open_draft(draft_id: str, *, lock: bool = False) -> ContactDraft:
    """The draft of a collaborator; one that was sent leads to what became of it instead."""
    draft = drafts.get_collaborator(draft_id, current_account(), lock=lock)
    if draft.invitation is not None:
        page = url_for("contacts.collaborator_sent", public_id=draft.invitation.public_id)
        abort(redirect(page, HTTPStatus.SEE_OTHER))
    return draft


def open_contact(draft_id: str, *, lock: bool = False) -> ContactDraft:
    """The same, of a contact."""
    draft = drafts.get_contact(draft_id, current_account(), lock=lock)
    if draft.invitation is not None:
        page = url_for("invitations.confirmation", public_id=draft.invitation.public_id)
        abort(redirect(page, HTTPStatus.SEE_OTHER))
    return draft


def place_of(step: Step, draft: ContactDraft | None) -> Place:
    """Where `step` stands among the pages on which a collaborator is added."""
    steps = drafts.steps_of(draft)
    index = steps.index(step)
    if draft is None or index == 0:
        back = url_for("contacts.collaborators")
    elif returns_to_check():
        back = url_of(Step.CHECK, draft)
    else:
        back = url_of(steps[index - 1], draft)
    return Place(index + 1, len(steps), back)


def url_of(step: Step, draft: ContactDraft, **arguments: Any) -> str:
    """The address of `step`."""
    name = f"contacts.collaborator_{step.value}"
    return url_for(name, draft_id=draft.public_id, **arguments)


def returns_to_check() -> bool:
    """Whether the person came from the check page to change one answer."""
    return request.args.get(RETURN) == Step.CHECK.value


def go_on(draft: ContactDraft, step: Step) -> Response:
    """To the next step, or back to the check page."""
    steps = drafts.steps_of(draft)
    following = Step.CHECK if returns_to_check() else steps[steps.index(step) + 1]
    if step is Step.ACCESS and Step.INSTALLATIONS in steps:
        following = Step.INSTALLATIONS
    return redirect(url_of(following, draft), HTTPStatus.SEE_OTHER)


def status_for(form: Form) -> HTTPStatus:
    """422 for a form that is shown again because something in it is wrong."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
