"""The last page on which a collaborator is added, and what was sent."""

from http import HTTPStatus

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from idp import clock, i18n
from idp.accounts import reauthentication
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import clients, drafts, rules, services
from idp.contacts.blueprint import blueprint
from idp.contacts.drafts import Step
from idp.contacts.errors import DraftIncomplete
from idp.contacts.models import ContactDraft
from idp.contacts.rules import Client
from idp.contacts.schemas import CheckSchema
from idp.contacts.views.adding import HOUR
from idp.contacts.views.steps import RETURN, open_draft, place_of, status_for, url_of
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form
from idp.grants.models import Extent, Level
from idp.http_errors import status_of
from idp.invitations import lookup
from idp.invitations import services as invitations

NAMED = 20  # clients on the page


@blueprint.route("/account/collaborators/new/<draft_id>/check", methods=["GET", "POST"])
@reauthentication.required
def collaborator_check(draft_id: str) -> ResponseReturnValue:
    """Everything once more; then the invitations leave, in one mail."""
    draft = open_draft(draft_id)
    chosen = _chosen(draft)
    if (missing := _first_unanswered(draft, chosen)) is not None:
        page = url_of(missing, draft, **{RETURN: Step.CHECK.value})
        return redirect(page, HTTPStatus.SEE_OTHER)
    form = Form()
    if request.method == "POST" and (data := form.load(CheckSchema())) is not None:
        try:
            return _send(draft_id, data["seen"])
        except DomainError as error:
            form.errors[""] = str(error.text)  # what it is about is on another page
            draft = open_draft(draft_id)
            return _page(form, draft, _chosen(draft)), status_of(error)
    return _page(form, draft, chosen), status_for(form)


@blueprint.get("/account/collaborators/sent/<public_id>")
@sign_in_required
def collaborator_sent(public_id: str) -> ResponseReturnValue:
    """What happened, what happens next, and how to take it back."""
    invitation = lookup.get_sent(public_id, current_account())
    return render_template(
        "contacts/sent.html",
        invitation=invitation,
        together=lookup.batch_of(invitation),
        link=lookup.link_to(invitation),
        hours=current_app.config["INVITATION_LIFE_SECONDS"] // HOUR,
    )


def _chosen(draft: ContactDraft) -> list[Client]:
    return clients.chosen_of(current_account(), draft.client_ids, clock.now())


def _first_unanswered(draft: ContactDraft, chosen: list[Client]) -> Step | None:
    """The first step that has no answer yet, or None."""
    if services.read_guest(draft) is None:
        return Step.PERSON
    if not chosen:
        return Step.CLIENTS
    if services.read_wish(draft) is None:
        return Step.ACCESS
    is_listed = Step.INSTALLATIONS in drafts.steps_of(draft)
    return Step.INSTALLATIONS if is_listed and not draft.installation_ids else None


def _send(draft_id: str, seen: str) -> ResponseReturnValue:
    account = current_account()
    invitations.count_attempt(account)
    with transaction():
        sent = services.send_collaboration(
            draft_id, by=account, seen_by=seen, locale=i18n.negotiate(), at=clock.now()
        )
    page = url_for("contacts.collaborator_sent", public_id=sent.public_id)
    return redirect(page, HTTPStatus.SEE_OTHER)


def _page(form: Form, draft: ContactDraft, chosen: list[Client]) -> str:
    guest, wish = services.read_guest(draft), services.read_wish(draft)
    if guest is None or wish is None or not chosen:
        raise DraftIncomplete
    is_full = wish.level is Level.FULL
    return render_template(
        "contacts/collaborator_check.html",
        form=form,
        place=place_of(Step.CHECK, draft),
        guest=guest,
        wish=wish,
        clients=chosen[:NAMED],
        count=len(chosen),
        read_only=sum(is_full and client.level is not Level.FULL for client in chosen),
        ends=sorted({rules.end_within(each, wish.ends_on) for each in chosen}, key=str),
        installations=len(draft.installation_ids) if wish.extent is Extent.CHOSEN else 0,
        seen=services.seen(draft, len(chosen)),
        change={step.value: url_of(step, draft, **{RETURN: "check"}) for step in Step},
        hours=current_app.config["INVITATION_LIFE_SECONDS"] // HOUR,
    )
