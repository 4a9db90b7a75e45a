"""Members of staff and their sessions, apart from customers in every table; what they kept."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, LargeBinary
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.audit import Actor
from idp.extensions import Base, choice


class Role(StrEnum):
    """What a member of staff may do; see `admin.rules` for the table."""

    SUPPORT = "support"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class StaffMember(Base):
    """Somebody who works for the utility. Made by `idp staff create`, never by a form."""

    __tablename__ = "staff_members"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # t_…
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    password_hash: Mapped[str]
    sealed_totp_secret: Mapped[str]
    last_totp_step: Mapped[int] = mapped_column(BigInteger)  # RFC 6238 5.2: a code works once
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]  # NULL: works here

    @property
    def actor(self) -> Actor:
        """This person in the audit trail."""
        return Actor("staff", self.public_id)


class StaffSession(Base):
    """A browser in which password, and then code, were given."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("staff_members.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    second_factor_at: Mapped[datetime | None]  # NULL: only the password was given so far
    ended_at: Mapped[datetime | None]  # NULL: not signed out
    address: Mapped[str | None] = mapped_column(INET)  # NULL: unknown

    member: Mapped[StaffMember] = relationship(lazy="joined", innerjoin=True)


class RemovalDocument(Base):
    """One document that showed staff whose second factors they had removed."""

    __tablename__ = "factor_removal_documents"

    removal_id: Mapped[int] = mapped_column(
        ForeignKey("factor_removals.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(
        ForeignKey("evidence_documents.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
