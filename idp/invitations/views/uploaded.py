"""An uploaded list: how far the worker is, what each line is, and the choice of those found."""

from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from idp import clock
from idp.accounts.sessions import current_account
from idp.errors import DomainError
from idp.extensions import transaction
from idp.forms import Form, FormSchema, TextField
from idp.http_errors import status_of
from idp.invitations import parties, selection
from idp.invitations.bulk import results, services, writing
from idp.invitations.bulk.errors import refusal_of
from idp.invitations.bulk.kinds import Kind
from idp.invitations.bulk.models import Finding, Upload
from idp.invitations.drafts import Step
from idp.invitations.models import InvitationDraft
from idp.invitations.views import blueprint
from idp.invitations.views.steps import for_holders, open_draft, status_for, url_of
from idp.invitations.views.uploading import (
    TYPES,
    as_download,
    kept_return,
    upload_page,
)
from idp.pages.paging import Paging

PATH = "/invitations/uploads/<upload_id>"
ADD, REPLACE = "add", "replace"


class ChooseSchema(FormSchema):
    """What becomes of the installations that were chosen before."""

    before = TextField(missing_text=lazy_gettext("Choose one of the options."))


@blueprint.route(PATH, methods=["GET", "POST"])
@for_holders
def uploaded(upload_id: str) -> ResponseReturnValue:
    """While the worker reads, how far it is; then what was found, and the button that chooses."""
    upload, draft = _open(upload_id)
    if upload.finished_at is None:
        return render_template("invitations/upload_progress.html", upload=upload)
    form = Form()
    if upload.problem:
        form.refuse(refusal_of(upload.problem))
        return upload_page(form, draft)
    if request.method == "POST" and (keep := _read_choice(form, draft)) is not None:
        try:
            return _choose(upload, keep=keep)
        except DomainError as error:
            form.refuse(error)
            return _results_page(form, *_open(upload_id)), status_of(error)
    return _results_page(form, upload, draft), status_for(form)


@blueprint.get(f"{PATH}/problems.csv")
@for_holders
def upload_problems(upload_id: str) -> ResponseReturnValue:
    """The lines that can't be chosen, to correct them."""
    upload, _draft = _open(upload_id)
    if upload.finished_at is None or upload.problem:
        abort(HTTPStatus.NOT_FOUND)
    services.count_attempt(current_account())
    header = [_("Line"), _("Installation"), _("Problem")]
    rows = ((str(each.line), each.code, each.text) for each in results.problems_of(upload))
    return as_download(writing.csv_file(header, rows), f"{_('problems')}.csv", TYPES[Kind.CSV])


@blueprint.post(f"{PATH}/cancellation")
@for_holders
def discard_upload(upload_id: str) -> ResponseReturnValue:
    """Forget the list; what is chosen stays as it was."""
    upload, draft = _open(upload_id)
    with transaction():
        services.discard(upload)
    return _to_list(draft)


def _open(upload_id: str) -> tuple[Upload, InvitationDraft]:
    """This account's upload and its draft; raises `NotFound`, for somebody else's too, and when
    the person acts no longer for the holder with whose installations it was compared."""
    account = current_account()
    upload = services.get_upload(upload_id, account)
    parties.check_may_act_for(account, upload.holder_tax_id, clock.now())
    return upload, open_draft(upload.draft.public_id)


def _read_choice(form: Form, draft: InvitationDraft) -> bool | None:
    """Whether what was chosen before stays; None: the form says what is missing."""
    if not selection.count_chosen(draft):
        return True
    data = form.load(ChooseSchema())
    if data is None:
        return None
    if data["before"] not in (ADD, REPLACE):
        form.errors["before"] = _("Choose one of the options.")
        return None
    return bool(data["before"] == ADD)


def _choose(upload: Upload, *, keep: bool) -> ResponseReturnValue:
    with transaction():
        draft = services.choose(upload, current_account(), keep=keep)
    return _to_list(draft)


def _results_page(form: Form, upload: Upload, draft: InvitationDraft) -> str:
    shown = results.shown_by(request.args.get("show", ""))
    paging = Paging.of_request(results.count(upload, shown))
    fine = upload.findings.get(Finding.FINE, 0)
    return render_template(
        "invitations/uploaded.html",
        form=form,
        upload=upload,
        fine=fine,
        problems=results.count(upload, results.Lines.PROBLEMS),
        shown=shown.value,
        filters=results.filters_of(upload),
        lines=results.page_of(upload, shown, paging),
        paging=paging,
        chosen=selection.count_chosen(draft),
        again=url_for("invitations.upload", draft_id=draft.public_id, **kept_return()),
        back=url_of(Step.INSTALLATIONS, draft, **kept_return()),
        arguments=kept_return(),
    )


def _to_list(draft: InvitationDraft) -> ResponseReturnValue:
    page = url_of(Step.INSTALLATIONS, draft, **kept_return())
    return redirect(page, HTTPStatus.SEE_OTHER)
