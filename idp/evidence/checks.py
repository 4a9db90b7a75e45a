"""Whether a file is what we take: a PDF, JPEG or PNG, that and nothing else."""

from collections.abc import Mapping

from flask import current_app

from idp.evidence.errors import (
    DocumentActive,
    DocumentEmpty,
    DocumentHidesMore,
    DocumentLocked,
    DocumentMisnamed,
    DocumentOfOtherKind,
    DocumentRefused,
    DocumentTooComplex,
    DocumentTooLarge,
    DocumentUnreadable,
    ExaminationBusy,
)
from idp.evidence.examination.verdicts import Verdict
from idp.evidence.isolation import TooBusy, examine
from idp.evidence.models import MediaType
from idp.evidence.names import extension_of

SIGNATURES = {
    MediaType.PDF: b"%PDF-",
    MediaType.JPEG: b"\xff\xd8\xff",
    MediaType.PNG: b"\x89PNG\r\n\x1a\n",
}
LENIENT = 1024  # bytes in which many programs look for a PDF's beginning

REFUSALS: Mapping[Verdict, type[DocumentRefused]] = {
    Verdict.HIDES_MORE: DocumentHidesMore,
    Verdict.LOCKED: DocumentLocked,
    Verdict.ACTIVE: DocumentActive,
    Verdict.UNREADABLE: DocumentUnreadable,
    Verdict.TOO_COMPLEX: DocumentTooComplex,
}


def inspect(name: str, data: bytes, *, field: str | None = None) -> MediaType:
    """What `data` is, which its cleaned `name` must agree with.

    Takes up to a second of somebody's time, see `isolation`. Raises DocumentRefused, beside
    `field`.
    """
    if not data:
        raise DocumentEmpty(name, field=field)
    if len(data) > current_app.config["EVIDENCE_MAXIMUM_BYTES"]:
        raise DocumentTooLarge(name, field=field)
    found = next((kind for kind, start in SIGNATURES.items() if data.startswith(start)), None)
    if found is None:
        disguised = SIGNATURES[MediaType.PDF] in data[:LENIENT]
        raise (DocumentHidesMore if disguised else DocumentOfOtherKind)(name, field=field)
    if extension_of(name) not in found.extensions:
        raise DocumentMisnamed(name, field=field)
    try:
        refusal = REFUSALS.get(examine(found, data))
    except TooBusy:
        refusal = ExaminationBusy
    if refusal is not None:
        raise refusal(name, field=field)
    return found
