"""Uploaded lists of installations, and what each of their lines turned out to be."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.extensions import Base, choice
from idp.invitations.bulk.kinds import Kind
from idp.invitations.models import InvitationDraft
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Finding(StrEnum):
    """What became of one line.

    A number that nobody has and one that stands in another name are the same finding, told in the
    same words: otherwise whoever uploads a list of numbers would learn which of them exist.
    """

    FINE = "fine"
    NOT_FOUND = "not_found"  # unknown, or somebody else's
    ZEROS_LOST = "zeros_lost"  # with zeros before it, it would be the holder's
    CHANGED = "changed"  # a spreadsheet program took it for an amount or a day
    SEVERAL = "several"  # the holder has it at more than one distributor, and none is named
    REPEATED = "repeated"  # an earlier line names the same installation
    INACTIVE = "inactive"
    OTHER_SEGMENT = "other_segment"


class Upload(Base):
    """A list of installations for a draft.

    It waits for the worker until `finished_at`; meanwhile the worker that reads it holds an
    advisory lock, and its progress is written here, where everybody can see it.
    """

    __tablename__ = "installation_uploads"
    __table_args__ = (
        Index(
            "ix_installation_uploads_waiting", "id", postgresql_where=text("finished_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # u_…
    draft_id: Mapped[int] = mapped_column(
        ForeignKey("invitation_drafts.id", ondelete="CASCADE"), index=True
    )
    holder_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)  # the draft's at that time
    segment: Mapped[str | None]  # likewise
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # NULL: it was read
    attempts: Mapped[int]  # to read it; a worker may have been killed meanwhile
    line_count: Mapped[int | None]  # NULL: not known yet
    lines_read: Mapped[int]
    findings: Mapped[dict[str, int]] = mapped_column(JSONB)  # lines of each `Finding` there is
    problem: Mapped[str]  # code of the refusal of the whole file; empty: there is none
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]  # NULL: not checked yet

    draft: Mapped[InvitationDraft] = relationship()


class UploadedLine(Base):
    """One line of a list, as it was found."""

    __tablename__ = "installation_upload_lines"
    __table_args__ = (
        Index("ix_installation_upload_lines_finding", "upload_id", "finding", "line"),
    )

    upload_id: Mapped[int] = mapped_column(
        ForeignKey("installation_uploads.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]  # as written, without spaces
    finding: Mapped[Finding] = mapped_column(choice(Finding))
    # The holder's installation it means; NULL: none, or which of several is unknown. No foreign
    # key: it is compared with the registry again when the lines are chosen.
    installation_id: Mapped[int | None] = mapped_column(BigInteger)
    first_line: Mapped[int | None]  # the line it repeats; NULL: it repeats none
