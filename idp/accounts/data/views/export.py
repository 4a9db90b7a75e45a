"""Take along all that is held on me."""

from collections.abc import Iterator

from flask import Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue

from idp import clock
from idp.accounts import limits, reauthentication, sessions
from idp.accounts.blueprint import blueprint
from idp.accounts.data import exporting
from idp.accounts.data.exporting import Format
from idp.accounts.data.schemas import ExportSchema
from idp.accounts.refusals import shown_again
from idp.errors import TooManyAttempts
from idp.extensions import transaction
from idp.forms import Form

TEMPLATE = "accounts/data/export.html"


@blueprint.get("/account/data/export")
@reauthentication.required
def export() -> ResponseReturnValue:
    """What the files hold, and a button for each."""
    return render_template(TEMPLATE, form=Form(), sections=exporting.sections.values())


@blueprint.post("/account/data/export")
@reauthentication.required
def download() -> ResponseReturnValue:
    """The file; a trace of it is kept, and the person told, before the first byte leaves."""
    account, form = sessions.current_account(), Form()
    data = form.load(ExportSchema())
    if data is None:
        return shown_again(TEMPLATE, form, sections=exporting.sections.values())
    try:
        limits.export(account.public_id)
    except TooManyAttempts as error:
        return shown_again(TEMPLATE, form, error, sections=exporting.sections.values())
    at, format_ = clock.now(), Format(data["format"])
    with transaction():
        exporting.begin(account, format_, at=at)
    blocks = exporting.written(account, format_, at=at)
    return _file(format_, stream_with_context(blocks))


def _file(format_: Format, blocks: Iterator[bytes]) -> Response:
    """To be kept by the person and by nobody on the way; its name tells nothing of them."""
    response = Response(blocks, content_type=exporting.MEDIA_TYPES[format_])
    name = f"my-data-{clock.now():%Y-%m-%d}.{format_.value}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
