"""Documents as a download, and as nothing else: no browser shows them in a page of ours."""

from flask import Response

from idp.audit import Actor
from idp.evidence.models import Document
from idp.evidence.services import read

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",  # should a browser show it after all
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def attachment(document: Document, *, by: Actor) -> Response:
    """The document to save under a name of ours, `e_….pdf`; raises what `services.read` does.

    The read is recorded, so it belongs into a `transaction()`. Who may read is the caller's to say.
    """
    response = Response(read(document, by=by), mimetype=document.media_type.value)
    response.headers.update(HEADERS)
    name = document.public_id + document.media_type.extensions[0]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
