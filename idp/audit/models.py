"""The trail's one table. A trigger refuses UPDATE and DELETE (see the first migration)."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base


class AuditEvent(Base):
    """One step. The references are public ids, never tax ids or e-mail addresses."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str]
    actor: Mapped[str]
    account: Mapped[str | None]  # NULL: no account is concerned, here and below
    invitation: Mapped[str | None]
    grant: Mapped[str | None]
    client: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(INET)  # NULL: not done through the web
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


# One kind of event, newest first, in the staff console.
Index("ix_audit_events_event", AuditEvent.__table__.c.event, AuditEvent.__table__.c.id)

for _name in ("account", "invitation", "grant", "client"):
    _column = AuditEvent.__table__.c[_name]
    Index(
        f"ix_audit_events_{_name}",
        _column,
        AuditEvent.__table__.c.id,
        postgresql_where=text(f'"{_name}" IS NOT NULL'),
    )
