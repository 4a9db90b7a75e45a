"""Browsers that somebody has signed in with."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base


class KnownDevice(Base):
    """A browser in which this account has signed in. The cookie holds a random token, the rows its
    hash: one row for each account that uses the browser."""

    __tablename__ = "known_devices"
    __table_args__ = (UniqueConstraint("account_id", "token_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime] = mapped_column(index=True)  # written at most once a day
    remembered_until: Mapped[datetime | None]  # NULL: asks for the second factor, if there is one
