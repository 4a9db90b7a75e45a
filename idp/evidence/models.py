"""The one table of documents."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base, choice


class MediaType(StrEnum):
    """What a document may be."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def extensions(self) -> tuple[str, ...]:
        """How a file's name may end, in lower case; the first is the usual one."""
        return {
            MediaType.PDF: (".pdf",),
            MediaType.JPEG: (".jpg", ".jpeg"),
            MediaType.PNG: (".png",),
        }[self]


class Document(Base):
    """One uploaded document; when its time is over the content goes and the record stays."""

    __tablename__ = "evidence_documents"
    __table_args__ = (
        Index(
            "ix_evidence_documents_delete_at",
            "delete_at",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        CheckConstraint(
            "(sealed IS NULL) = (deleted_at IS NOT NULL)", name="content_until_deleted"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # e_…
    name: Mapped[str]  # as its owner called it, cleaned; for people to read, never a path
    media_type: Mapped[MediaType] = mapped_column(choice(MediaType))
    size: Mapped[int]  # bytes of the content
    sha256: Mapped[bytes] = mapped_column(LargeBinary)  # of the content
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # NULL: deleted
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str]  # an audit actor: account:a_…, staff:t_…
    delete_at: Mapped[datetime | None]  # NULL: belongs to something that is not decided yet
    deleted_at: Mapped[datetime | None]  # NULL: the content is there
