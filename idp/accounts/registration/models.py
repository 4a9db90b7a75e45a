"""What a real-estate agency says of itself, and forms that are filled in page by page."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.extensions import Base, choice


class CreciState(StrEnum):
    """Whether staff have found the agency in the brokers' council's list."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Agency(Base):
    """The agency behind an account of this kind; there is none behind any other."""

    __tablename__ = "agencies"
    __table_args__ = (Index("ix_agencies_creci_state", "creci_state", "stated_at", "account_id"),)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    trade_name: Mapped[str]  # the company's own name
    responsible: Mapped[str]  # the broker who answers for it
    postal_code: Mapped[str]  # 01310-100
    state: Mapped[str]  # SP
    city: Mapped[str]
    district: Mapped[str]
    street: Mapped[str]
    number: Mapped[str]
    complement: Mapped[str]  # empty: none
    creci: Mapped[str]  # the number of its licence, as typed
    creci_state: Mapped[CreciState] = mapped_column(choice(CreciState))
    refusal: Mapped[str]  # what the person was told; empty: not refused
    version: Mapped[int]  # rises whenever it is stated anew, so that nobody confirms it unseen
    stated_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]  # NULL: it waits

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class RegistrationDraft(Base):
    """A form of several pages on its way. The cookie holds a random token, the row its hash."""

    __tablename__ = "registration_drafts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # NULL: it was sent
    expires_at: Mapped[datetime] = mapped_column(index=True)
