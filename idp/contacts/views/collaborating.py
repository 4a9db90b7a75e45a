"""Add a collaborator: who it is, and what they may do until when."""

from datetime import timedelta
from http import HTTPStatus

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import clients, drafts, rules
from idp.contacts.blueprint import blueprint
from idp.contacts.drafts import ACCESS, PERSON, Step
from idp.contacts.errors import NoClients
from idp.contacts.models import ContactDraft
from idp.contacts.rules import Client, Wish
from idp.contacts.schemas import AccessSchema, PersonSchema
from idp.contacts.views.steps import go_on, open_draft, place_of, status_for, url_of
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form, cleaned
from idp.grants import ledger
from idp.grants.models import Extent, Grant, Level, Relation
from idp.http_errors import status_of
from idp.invitations import days

LIKELY = {"relation": Relation.COLLABORATOR.value, "extent": Extent.EVERYTHING.value}


@blueprint.route("/account/collaborators/new", methods=["GET", "POST"])
@sign_in_required
def add_collaborator() -> ResponseReturnValue:
    """Who is it? `?client=` (a grant that I manage by) is chosen in advance."""
    account = current_account()
    depth = current_app.config["DELEGATION_DEPTH"]
    givable = clients.givable(account, depth, clock.now())
    total = ledger.count_of(givable)
    if not total:
        return render_template("contacts/no_clients.html"), status_of(NoClients())
    form = Form()
    if request.method == "POST" and _read_person(form):
        named = clients.ids_by_key(account, [request.args.get("client", "")])
        ahead = givable.where(Grant.id.in_(named))
        with transaction():
            draft = drafts.begin(
                account,
                _typed(form),
                at=clock.now(),
                client_ids=clients.ids_of(givable if total == 1 else ahead),
            )
        return go_on(draft, Step.PERSON if len(draft.client_ids) != 1 else Step.CLIENTS)
    return _person_page(form, None)


@blueprint.route("/account/collaborators/new/<draft_id>/person", methods=["GET", "POST"])
@sign_in_required
def collaborator_person(draft_id: str) -> ResponseReturnValue:
    """The same again, to change it."""
    draft = open_draft(draft_id)
    form = Form({name: getattr(draft, name) for name in PERSON})
    if request.method == "POST" and _read_person(form):
        with transaction():
            draft = open_draft(draft_id, lock=True)
            drafts.record(draft, **_typed(form))
        return go_on(draft, Step.PERSON)
    return _person_page(form, draft)


@blueprint.route("/account/collaborators/new/<draft_id>/access", methods=["GET", "POST"])
@sign_in_required
def collaborator_access(draft_id: str) -> ResponseReturnValue:
    """What the person may do, on what, until when."""
    draft = open_draft(draft_id)
    chosen = clients.chosen_of(current_account(), draft.client_ids, clock.now())
    if not chosen:
        return redirect(url_of(Step.CLIENTS, draft), HTTPStatus.SEE_OTHER)
    form = Form({name: getattr(draft, name) or LIKELY.get(name, "") for name in ACCESS})
    if request.method == "POST" and _read_access(form, chosen):
        answers = {name: cleaned(name, form.values.get(name, "")) for name in ACCESS}
        with transaction():
            draft = open_draft(draft_id, lock=True)
            drafts.record(draft, **answers)
        return go_on(draft, Step.ACCESS)
    return _access_page(form, draft, chosen)


def _typed(form: Form) -> dict[str, str]:
    return {name: cleaned(name, form.values.get(name, "")) for name in PERSON}


def _read_person(form: Form) -> bool:
    """Whether somebody can be invited who is called so; if not, the form says what is wrong."""
    data = form.load(PersonSchema())
    if data is None:
        return False
    try:
        rules.check_person(data["guest_tax_id"], [], inviter=current_account().tax_id)
    except DomainError as error:
        form.refuse(error)
    return not form.errors


def _read_access(form: Form, chosen: list[Client]) -> bool:
    data = form.load(AccessSchema())
    if data is None:
        return False
    wish = Wish(
        data["relation"] or Relation.COLLABORATOR,
        data["level"],
        data["extent"] or Extent.EVERYTHING,
        data["ends_on"],
    )
    depth = current_app.config["DELEGATION_DEPTH"]
    try:
        rules.check_wish(wish, chosen, depth=depth, today=days.today(clock.now()))
    except DomainError as error:
        form.refuse(error)
    return not form.errors


def _person_page(form: Form, draft: ContactDraft | None) -> ResponseReturnValue:
    place = place_of(Step.PERSON, draft)
    page = render_template("contacts/collaborator_person.html", form=form, place=place)
    return page, status_for(form)


def _access_page(form: Form, draft: ContactDraft, chosen: list[Client]) -> ResponseReturnValue:
    last_day = rules.last_day_for(chosen)
    page = render_template(
        "contacts/access.html",
        form=form,
        place=place_of(Step.ACCESS, draft),
        clients=chosen,
        relations=rules.relations_for(chosen, current_app.config["DELEGATION_DEPTH"]),
        may_be_full=rules.level_for(chosen) is Level.FULL,
        read_only=sum(client.level is Level.READ_ONLY for client in chosen),
        tomorrow=(days.today(clock.now()) + timedelta(days=1)).isoformat(),
        last_day=last_day,
    )
    return page, status_for(form)
