"""What stands between a request and its answer: the request itself, and what a person decided."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from idp.extensions import Base
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class PushedRequest(Base):
    """An authorization request that lies here while the browser carries only its name: it was
    pushed (RFC 9126), or a browser brought it in a request object (RFC 9101).

    What the client proved itself with is not in it. The row goes when the request is answered.
    """

    __tablename__ = "pushed_requests"

    name_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # of the request_uri
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    parameters: Mapped[dict[str, str]] = mapped_column(JSONB)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]  # NULL: no browser has brought it yet


class Consent(Base):
    """A user's agreement that a client may know and do these things."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_live",
            "account_id",
            "client_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_consents_account_id", "account_id"),
        Index("ix_consents_client_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # NULL: in force


class HolderChoice(Base):
    """On whose behalf an application acts in a browser session, where the person had to pick."""

    __tablename__ = "holder_choices"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("browser_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    client_id: Mapped[int] = mapped_column(
        ForeignKey("clients.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    holder_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    chosen_at: Mapped[datetime]
