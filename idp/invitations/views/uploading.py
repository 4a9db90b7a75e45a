"""Step 2 by file: get a template, send a list back."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from idp import clock
from idp.accounts.sessions import current_account
from idp.errors import DomainError, TooManyAttempts
from idp.extensions import transaction
from idp.fields import FilesField
from idp.forms import Form, FormSchema
from idp.http_errors import status_of
from idp.invitations import selection
from idp.invitations.bulk import services, writing
from idp.invitations.bulk.errors import FileTooLarge, NoFile
from idp.invitations.bulk.kinds import Kind, Limits, check_file
from idp.invitations.drafts import Step
from idp.invitations.models import InvitationDraft
from idp.invitations.views import blueprint
from idp.invitations.views.steps import (
    RETURN,
    for_holders,
    open_draft,
    returns_to_check,
    status_for,
    url_of,
)
from idp.uploads import takes_files

TYPES = {
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE = 65_536  # bytes
PATH = "/invitations/new/<draft_id>/installations"


class UploadSchema(FormSchema):
    """One file."""

    file = FilesField(missing_text=NoFile.text)


@blueprint.get(f"{PATH}/template.csv", endpoint="template_csv", defaults={"kind": Kind.CSV})
@blueprint.get(f"{PATH}/template.xlsx", endpoint="template_xlsx", defaults={"kind": Kind.XLSX})
@for_holders
def template(draft_id: str, kind: Kind) -> ResponseReturnValue:
    """All that could be chosen, as a list to shorten and send back."""
    draft = open_draft(draft_id)
    services.count_attempt(current_account())
    return as_download(writing.template(draft, kind), f"{_('installations')}.{kind}", TYPES[kind])


@blueprint.route(f"{PATH}/upload", methods=["GET", "POST"])
@takes_files(lambda: int(current_app.config["BULK_MAXIMUM_BYTES"]), FileTooLarge)
@for_holders
def upload(draft_id: str) -> ResponseReturnValue:
    """Ask for the list; the worker reads it, unless it can be seen at once that it is none."""
    draft = open_draft(draft_id)
    form = Form()
    if request.method != "POST":
        return upload_page(form, draft)
    if (data := form.load(UploadSchema())) is not None:
        [file, *_others] = data["file"]
        try:
            return _take(draft, file.filename or "", cast(BinaryIO, file.stream))
        except DomainError as error:
            form.refuse(error)
            return upload_page(form, draft), status_of(error)
    return upload_page(form, draft), status_for(form)


def _take(draft: InvitationDraft, name: str, file: BinaryIO) -> ResponseReturnValue:
    account = current_account()
    try:
        services.count_attempt(account)
    except TooManyAttempts as error:
        error.field = "file"
        raise
    limits = limits_of_files()
    content = file.read(limits.bytes + 1)
    kind = check_file(name, content, limits)
    with transaction():
        made = services.store(draft.public_id, account, kind=kind, content=content, at=clock.now())
    page = url_for("invitations.uploaded", upload_id=made.public_id, **kept_return())
    return redirect(page, HTTPStatus.SEE_OTHER)


def upload_page(form: Form, draft: InvitationDraft) -> str:
    """The form that asks for the list."""
    return render_template(
        "invitations/upload.html",
        form=form,
        draft=draft,
        limits=limits_of_files(),
        count=selection.count_all_offerable(draft),
        arguments=kept_return(),
        back=url_of(Step.INSTALLATIONS, draft, **kept_return()),
    )


def as_download(file: BinaryIO, name: str, media_type: str) -> Response:
    """`file` to save as `name`; it is closed when it is sent, or when nobody wants its content."""
    response = Response(_pieces(file), content_type=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.call_on_close(file.close)
    if request.method == "HEAD":
        file.close()
    return response


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def limits_of_files() -> Limits:
    """Those of the deployment."""
    config = current_app.config
    return Limits(config["BULK_MAXIMUM_BYTES"], config["BULK_MAXIMUM_ROWS"])


def kept_return() -> dict[str, Any]:
    """The query that leads back to the check page, where the person came from there."""
    return {RETURN: Step.CHECK.value} if returns_to_check() else {}
