"""Documents for tests, stored the way an upload stores them."""

from datetime import datetime
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from werkzeug.datastructures import FileStorage

from idp import clock
from idp.audit import Actor
from idp.evidence import services
from idp.evidence.models import Document
from idp.extensions import db


def a_pdf(*, pages: int = 1) -> bytes:
    """A document of empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """The file of a document that pypdf has put together."""
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def a_picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """Noise in colour, `kind` being Pillow's name of the format."""
    target = BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(target, kind, **options)
    return target.getvalue()


def a_file(name: str = "contrato.pdf", content: bytes | None = None) -> FileStorage:
    """A file as Flask hands it to a view."""
    return FileStorage(BytesIO(a_pdf() if content is None else content), filename=name)


def a_document(
    by: Actor,
    *,
    name: str = "contrato.pdf",
    content: bytes | None = None,
    at: datetime | None = None,
) -> Document:
    """One stored document, not attached to anything; committed."""
    (document,) = services.store([a_file(name, content)], by=by, at=at or clock.now())
    db.session.commit()
    return document
