"""What clients prove themselves with only once, and who may register clients."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base


class UsedAssertion(Base):
    """An assertion that was shown, until it has expired (RFC 7523 section 3)."""

    __tablename__ = "used_assertions"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # of client and `jti`
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ClientInvitation(Base):
    """An initial access token (RFC 7591 section 1.2): who has it may register clients."""

    __tablename__ = "client_invitations"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # n_…
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    note: Mapped[str]  # for whom it was made, in the operator's words
    # What clients registered with it may have beyond the ordinary, see `invitations.Allowance`.
    allowance: Mapped[dict[str, Any]] = mapped_column(JSONB)
    uses_left: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
