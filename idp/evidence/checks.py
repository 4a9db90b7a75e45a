"""Whether a file is what we take: a PDF, JPEG or PNG, that and nothing else."""

from flask import current_app

from idp.evidence.errors import (
    DocumentEmpty,
    DocumentMisnamed,
    DocumentOfOtherKind,
    DocumentTooLarge,
)
from idp.evidence.models import MediaType
from idp.evidence.names import extension_of

SIGNATURES = {
    MediaType.PDF: b"%PDF-",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
}


def inspect(name: str, data: bytes, *, field: str | None = None) -> MediaType:
    """What `data` is, whatever it is called; raises DocumentRefused, beside `field`."""
    if not data:
        raise DocumentEmpty(name, field=field)
    if len(data) > current_app.config["EVIDENCE_MAXIMUM_BYTES"]:
        raise DocumentTooLarge(name, field=field)
    found = next((kind for kind, start in SIGNATURES.items() if data.startswith(start)), None)
    if found is None:
        raise DocumentOfOtherKind(name, field=field)
    if extension_of(name) not in found.extensions:
        raise DocumentMisnamed(name, field=field)
    return found
