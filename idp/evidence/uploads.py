"""Views that take documents."""

from collections.abc import Callable
from typing import TypeVar

from flask import current_app

from idp.evidence.errors import DocumentsTooLarge
from idp.uploads import takes_files

View = TypeVar("View", bound=Callable[..., object])


def takes_documents(field: str = "documents") -> Callable[[View], View]:
    """Decorate a view that gives the files of `field` to `services.store`.

    Its requests have room for all the documents that a request may bring; one with more is
    answered with the page and DocumentsTooLarge beside the field. See `idp.uploads.takes_files`.
    """
    return takes_files(most_bytes, lambda: DocumentsTooLarge(field=field))


def most_bytes() -> int:
    """What the documents of one request may have together."""
    config = current_app.config
    return int(config["EVIDENCE_MAXIMUM_BYTES"] * config["EVIDENCE_MAXIMUM_DOCUMENTS"])
