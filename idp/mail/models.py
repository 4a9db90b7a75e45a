"""The outbox."""

from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base


class Priority(IntEnum):
    """Order of need: a person waiting in front of the page comes first."""

    WAITING = 0  # activation, recovery: somebody looks at the inbox right now
    PROMPT = 1  # invitations
    NOTICE = 2  # what happened, for the record


class Mail(Base):
    """A mail to send. `context` holds references, never a link or a secret: links are signed anew
    when the mail is rendered."""

    __tablename__ = "mails"
    __table_args__ = (
        Index(
            "ix_mails_due",
            "priority",
            "due_at",
            "id",
            postgresql_where=text("sent_at IS NULL AND failed_at IS NULL"),
        ),
        # What was written to somebody, for them to see.
        Index("ix_mails_recipient_address", "recipient_address", "recipient_name", "id"),
        Index("ix_mails_sent_at", "sent_at", postgresql_where=text("sent_at IS NOT NULL")),
        Index("ix_mails_failed_at", "failed_at", postgresql_where=text("failed_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)  # same on every try: receivers drop twins
    template: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger)
    recipient_name: Mapped[str]
    recipient_address: Mapped[str]
    locale: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # not before; moved on after each failure
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    sent_at: Mapped[datetime | None]  # NULL: not yet taken by the mail server
    failed_at: Mapped[datetime | None]  # NULL: not given up
