"""Which clients, and for a single one which installations: lists to tick, search and page through.

Every button posts the same form, so that what is ticked is kept before anything else happens.
"""

from collections.abc import Sequence
from http import HTTPStatus

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from idp import clock
from idp.accounts.sessions import current_account, sign_in_required
from idp.contacts import clients, drafts, installations
from idp.contacts.blueprint import blueprint
from idp.contacts.drafts import Step
from idp.contacts.errors import NoClientChosen, NoInstallationChosen, TooManyClients
from idp.contacts.models import ContactDraft
from idp.contacts.rules import MAXIMUM_CLIENTS, Client
from idp.contacts.schemas import ClientsSchema, InstallationsSchema
from idp.contacts.views.steps import (
    RETURN,
    go_on,
    open_draft,
    place_of,
    returns_to_check,
    status_for,
    url_of,
)
from idp.extensions import transaction
from idp.forms import MAXIMUM_TEXT, Form, cleaned
from idp.grants import ledger
from idp.grants.models import Grant
from idp.pages.paging import PARAMETER, Paging

PAGE = "page-"


@blueprint.route("/account/collaborators/new/<draft_id>/clients", methods=["GET", "POST"])
@sign_in_required
def collaborator_clients(draft_id: str) -> ResponseReturnValue:
    """For which clients?"""
    draft = open_draft(draft_id)
    form = Form()
    if request.method == "POST" and (data := form.load(ClientsSchema())) is not None:
        account = current_account()
        listed = clients.ids_by_key(account, data["listed"])
        ticked = clients.ids_by_key(account, data["clients"])
        with transaction():
            draft = open_draft(draft_id, lock=True)
            chosen = drafts.tick(draft.client_ids, listed, ticked)
            _record(draft, client_ids=chosen)
        if (action := _action()) != "continue":
            return _after(action, Step.CLIENTS, draft)
        if draft.client_ids:
            return go_on(draft, Step.CLIENTS)
        form.refuse(NoClientChosen())
    return _clients_page(draft, form)


@blueprint.route("/account/collaborators/new/<draft_id>/clients/all", methods=["GET", "POST"])
@sign_in_required
def every_client(draft_id: str) -> ResponseReturnValue:
    """Asks before choosing all of them, naming how many they are."""
    draft = open_draft(draft_id)
    everyone = _givable()
    back, count = _list_url(Step.CLIENTS, draft), ledger.count_of(everyone)
    if not 0 < count <= MAXIMUM_CLIENTS:
        return redirect(back, HTTPStatus.SEE_OTHER)
    changed = request.method == "POST" and request.form.get("count") != str(count)
    if request.method == "POST" and not changed:
        with transaction():
            draft = open_draft(draft_id, lock=True)
            drafts.record(draft, client_ids=clients.ids_of(everyone), search="")
        return go_on(draft, Step.CLIENTS)
    page = render_template(
        "contacts/every_client.html", form=Form(), count=count, changed=changed, back=back
    )
    return page, HTTPStatus.CONFLICT if changed else HTTPStatus.OK


@blueprint.route("/account/collaborators/new/<draft_id>/installations", methods=["GET", "POST"])
@sign_in_required
def collaborator_installations(draft_id: str) -> ResponseReturnValue:
    """Which installations of the one client?"""
    draft = open_draft(draft_id)
    chosen = clients.chosen_of(current_account(), draft.client_ids, clock.now())
    if len(chosen) != 1 or Step.INSTALLATIONS not in drafts.steps_of(draft):
        return redirect(url_of(Step.ACCESS, draft), HTTPStatus.SEE_OTHER)
    grant = chosen[0].grant
    form = Form()
    if request.method == "POST" and (data := form.load(InstallationsSchema())) is not None:
        listed = installations.ids_of(grant, data["listed"])
        ticked = installations.ids_of(grant, data["installations"])
        with transaction():
            draft = open_draft(draft_id, lock=True)
            _record(draft, installation_ids=drafts.tick(draft.installation_ids, listed, ticked))
        if (action := _action()) != "continue":
            return _after(action, Step.INSTALLATIONS, draft)
        if installations.count_chosen(grant, draft.installation_ids):
            return go_on(draft, Step.INSTALLATIONS)
        form.refuse(NoInstallationChosen())
    return _installations_page(draft, chosen[0], form)


def _clients_page(draft: ContactDraft, form: Form) -> ResponseReturnValue:
    everyone, query = _givable(), _givable(draft.search)
    paging = Paging.of_request(ledger.count_of(query))
    if len(draft.client_ids) > MAXIMUM_CLIENTS:
        form.refuse(TooManyClients())
    page = render_template(
        "contacts/choose_clients.html",
        draft=draft,
        form=form,
        place=place_of(Step.CLIENTS, draft),
        rows=clients.page_of(query, offset=paging.offset, limit=paging.per_page),
        paging=paging,
        chosen=ledger.count_of(everyone.where(Grant.id.in_(draft.client_ids))),
        everyone=ledger.count_of(everyone),
        maximum=MAXIMUM_CLIENTS,
    )
    return page, status_for(form)


def _installations_page(draft: ContactDraft, client: Client, form: Form) -> ResponseReturnValue:
    paging = Paging.of_request(installations.count_listed(client.grant, draft.search))
    page = render_template(
        "contacts/installations.html",
        draft=draft,
        form=form,
        place=place_of(Step.INSTALLATIONS, draft),
        client=client,
        rows=installations.page_of(client.grant, draft.search, paging),
        paging=paging,
        chosen=installations.count_chosen(client.grant, draft.installation_ids),
    )
    return page, status_for(form)


def _givable(typed: str = "") -> Select[Grant]:
    depth: int = current_app.config["DELEGATION_DEPTH"]
    return clients.givable(current_account(), depth, clock.now(), typed)


def _record(draft: ContactDraft, **chosen: Sequence[int]) -> None:
    """Keep what is ticked, and unless the person goes on what was searched for."""
    search = draft.search
    if _action() != "continue":
        search = cleaned("search", request.form.get("search", ""))[:MAXIMUM_TEXT]
    drafts.record(draft, search=search, **chosen)


def _action() -> str:
    return request.form.get("action", "search")


def _after(action: str, step: Step, draft: ContactDraft) -> ResponseReturnValue:
    """Where the person sees what the button did."""
    if action == "all" and step is Step.CLIENTS:
        return redirect(f"{_list_url(step, draft, 'all')}", HTTPStatus.SEE_OTHER)
    page = action.removeprefix(PAGE) if action.startswith(PAGE) else ""
    return redirect(_list_url(step, draft, page=page), HTTPStatus.SEE_OTHER)


def _list_url(step: Step, draft: ContactDraft, below: str = "", *, page: str = "") -> str:
    arguments = {PARAMETER: page} if page else {}
    if returns_to_check():
        arguments[RETURN] = Step.CHECK.value
    path, _mark, query = url_of(step, draft, **arguments).partition("?")
    return f"{path}{f'/{below}' if below else ''}{f'?{query}' if query else ''}"
