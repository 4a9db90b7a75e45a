"""Step 2: choose installations from a list that can be searched, filtered and paged.

Every button of the page posts the same form, so that what is ticked is kept before anything else
happens; the answer is always a redirect, so that back and reload do no harm.
"""

from http import HTTPStatus

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from idp.extensions import transaction
from idp.forms import MAXIMUM_TEXT, Form, cleaned
from idp.invitations import drafts, selection
from idp.invitations.conditions import Shown
from idp.invitations.drafts import Step
from idp.invitations.errors import NothingChosen
from idp.invitations.models import InvitationDraft
from idp.invitations.views import blueprint
from idp.invitations.views.steps import (
    RETURN,
    for_holders,
    go_on,
    open_draft,
    place_of,
    returns_to_check,
    status_for,
    url_of,
)
from idp.pages.paging import PARAMETER, Paging

PAGE = "page-"


@blueprint.route("/invitations/new/<draft_id>/installations", methods=["GET", "POST"])
@for_holders
def installations(draft_id: str) -> ResponseReturnValue:
    """The list, and whatever its buttons do."""
    draft = open_draft(draft_id)
    form = Form()
    if request.method == "POST":
        action = request.form.get("action", "search")
        with transaction():
            draft = open_draft(draft_id, lock=True)
            _record(draft, action)
        if action != "continue":
            return _after(action, draft)
        if selection.count_chosen(draft):
            return go_on(draft, Step.INSTALLATIONS)
        form.refuse(NothingChosen())
    return _list_page(draft, form)


@blueprint.route("/invitations/new/<draft_id>/installations/all", methods=["GET", "POST"])
@for_holders
def every_installation(draft_id: str) -> ResponseReturnValue:
    """Asks before choosing all that the list shows, naming how many that is."""
    draft = open_draft(draft_id)
    count = selection.count_selectable(draft)
    if count == 0:
        return redirect(_list_url(draft), HTTPStatus.SEE_OTHER)
    changed = request.method == "POST" and request.form.get("count") != str(count)
    if request.method == "POST" and not changed:
        with transaction():
            selection.choose_listed(open_draft(draft_id, lock=True))
        return redirect(_list_url(draft), HTTPStatus.SEE_OTHER)
    page = render_template(
        "invitations/every_installation.html",
        draft=draft,
        count=count,
        changed=changed,
        back=_list_url(draft),
    )
    return page, HTTPStatus.CONFLICT if changed else HTTPStatus.OK


def _list_page(draft: InvitationDraft, form: Form) -> ResponseReturnValue:
    paging = Paging.of_request(selection.count_listed(draft))
    page = render_template(
        "invitations/installations.html",
        draft=draft,
        form=form,
        place=place_of(Step.INSTALLATIONS, draft),
        rows=selection.rows_of(draft, paging),
        paging=paging,
        chosen=selection.count_chosen(draft),
        selectable=selection.count_selectable(draft),
        filters=list(Shown),
    )
    return page, status_for(form)


def _record(draft: InvitationDraft, action: str) -> None:
    """Keep what is ticked and what the list shows, then do what the button says."""
    listed = request.form.getlist("listed")
    ticked = listed if action == "select-page" else request.form.getlist("installations")
    selection.record(draft, listed, ticked)
    if action == "clear":
        selection.clear(draft)
    if action != "continue":
        search = cleaned("search", request.form.get("search", ""))[:MAXIMUM_TEXT]
        drafts.record_list(draft, search=search, shown=_shown(request.form.get("show", "")))


def _shown(text: str) -> Shown:
    return Shown(text) if text in set(Shown) else Shown.ALL


def _after(action: str, draft: InvitationDraft) -> ResponseReturnValue:
    """Where the person sees what the button did."""
    page = request.args.get(PARAMETER, "")
    if action == "select-all":
        page = url_of_all(draft)
        return redirect(page, HTTPStatus.SEE_OTHER)
    if action.startswith(PAGE):
        page = action.removeprefix(PAGE)
    elif action == "search":
        page = ""
    return redirect(_list_url(draft, page), HTTPStatus.SEE_OTHER)


def url_of_all(draft: InvitationDraft) -> str:
    """The address that asks before everything is chosen."""
    return f"{url_of(Step.INSTALLATIONS, draft)}/all{'?return=check' if returns_to_check() else ''}"


def _list_url(draft: InvitationDraft, page: str = "") -> str:
    arguments = {PARAMETER: page} if page else {}
    if returns_to_check():
        arguments[RETURN] = Step.CHECK.value
    return url_of(Step.INSTALLATIONS, draft, **arguments)
