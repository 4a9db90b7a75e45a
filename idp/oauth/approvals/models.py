"""A request that waits for a person, and what became of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.extensions import Base, choice
from idp.oauth.models import Client


class ApprovalState(StrEnum):
    """Where it stands; that its time is over is said by `expires_at` alone."""

    PENDING = "pending"
    ALLOWED = "allowed"  # by the person; the application has not heard of it yet
    DENIED = "denied"
    USED = "used"  # the tokens were issued


class PendingApproval(Base):
    """One request of an application. A device's has a `user_code` and is nobody's until somebody
    decides; a call's is for one account, or for none, where the application named nobody we know
    and must not learn that."""

    __tablename__ = "pending_approvals"
    __table_args__ = (
        Index(
            "ix_pending_approvals_waiting",
            "account_id",
            postgresql_where=text("state = 'pending'"),
        ),
        Index(
            "ix_pending_approvals_ping_due_at",
            "ping_due_at",
            postgresql_where=text("ping_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # w_…
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)  # device_code, auth_req_id
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(  # NULL: nobody yet, or nobody we know
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    # Keyed digest: it has too few letters for a plain one. NULL: not a device's
    user_code_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    scope: Mapped[str]
    resource: Mapped[str]
    authorization_details: Mapped[str]  # RFC 9396, as it was sent; empty: none asked for
    two_factors: Mapped[bool]  # asked for by `acr_values`
    binding_message: Mapped[str]  # empty: none
    address: Mapped[str | None] = mapped_column(INET)  # of who asked; NULL: unknown
    user_agent: Mapped[str]
    interval: Mapped[int]  # seconds between two questions of the application
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    polled_at: Mapped[datetime | None]  # NULL: not yet
    state: Mapped[ApprovalState] = mapped_column(choice(ApprovalState))
    decided_at: Mapped[datetime | None]  # NULL: not yet
    authorization_id: Mapped[int | None] = mapped_column(  # NULL: not allowed
        ForeignKey("authorizations.id", ondelete="CASCADE"), index=True
    )
    # What a ping carries (CIBA section 10.2); NULL: it was told, or asks by itself
    sealed_ping: Mapped[str | None]
    ping_due_at: Mapped[datetime | None]  # NULL: nothing to tell
    ping_attempts: Mapped[int]

    client: Mapped[Client] = relationship()
    account: Mapped[Account | None] = relationship()
