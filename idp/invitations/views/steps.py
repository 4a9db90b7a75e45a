"""What every step of the wizard shares: its draft, its place in the order, where it leads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.forms import Form
from idp.http_errors import status_of
from idp.invitations import drafts, parties
from idp.invitations.drafts import Step
from idp.invitations.errors import NothingToOffer, OwnershipUnproven
from idp.invitations.models import InvitationDraft

P = ParamSpec("P")

RETURN = "return"  # a query parameter: `return=check` comes back to the check page


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: number `number` of `total`, and the address of the one before."""

    number: int
    total: int | None  # None: it depends on the answers to come
    back: str  # empty: there is none


def for_holders(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Only for those who are signed in and have something to give access to; others are told
    what is missing and how to go on."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            parties.check_may_begin(current_account(), clock.now())
        except (OwnershipUnproven, NothingToOffer) as error:
            return render_template("invitations/not_yet.html", error=error), status_of(error)
        return view(*args, **kwargs)

    return sign_in_required(guarded)


def open_draft(draft_id: str, *, lock: bool = False) -> InvitationDraft:
    """The draft of this address; one that was sent leads to its invitation instead.

    Raises `NotFound`, also for a holder for whom the person no longer acts.
    """
    account = current_account()
    draft = drafts.get_draft(draft_id, account, lock=lock)
    if draft.invitation is not None:
        page = url_for("invitations.confirmation", public_id=draft.invitation.public_id)
        abort(redirect(page, HTTPStatus.SEE_OTHER))
    parties.check_may_act_for(account, draft.holder_tax_id, clock.now())
    return draft


def place_of(step: Step, draft: InvitationDraft) -> Place:
    """Where `step` stands in this draft."""
    steps = drafts.steps_of(draft)
    index = steps.index(step)
    if returns_to_check():
        back = url_of(Step.CHECK, draft)
    else:
        back = url_of(steps[index - 1], draft) if index else ""
    return Place(index + 1, len(steps), back)


def place_before(step: Step, *, asks_segment: bool) -> Place:
    """Where `step` stands before there is a draft; how many will follow is not known yet."""
    is_second = asks_segment and step is not Step.SEGMENT
    back = url_for("invitations.start") if is_second else ""
    return Place(2 if is_second else 1, None, back)


def url_of(step: Step, draft: InvitationDraft, **arguments: Any) -> str:
    """The address of `step`."""
    return url_for(f"invitations.{step.value}", draft_id=draft.public_id, **arguments)


def returns_to_check() -> bool:
    """Whether the person came from the check page to change one answer."""
    return request.args.get(RETURN) == Step.CHECK.value


def go_on(draft: InvitationDraft, step: Step) -> Response:
    """To the next step, or back to the check page."""
    steps = drafts.steps_of(draft)
    following = Step.CHECK if returns_to_check() else steps[steps.index(step) + 1]
    return redirect(url_of(following, draft), HTTPStatus.SEE_OTHER)


def status_for(form: Form) -> HTTPStatus:
    """422 for a form that is shown again because something in it is wrong."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
