"""Grants: the delegation from one person to another that an accepted invitation creates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.extensions import Base, choice
from idp.registry.models import Holder, Installation
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Relation(StrEnum):
    """Why a person may see an installation."""

    OWNER = "owner"
    REPRESENTATIVE = "representative"
    DELEGATE = "delegate"
    MANAGER = "manager"
    COLLABORATOR = "collaborator"


class Level(StrEnum):
    """What a grant allows."""

    FULL = "full"
    READ_ONLY = "read_only"

    @property
    def actions(self) -> list[str]:
        """The same in the words of `authorization_details` (RFC 9396 section 2.2)."""
        return ["read", "write"] if self is Level.FULL else ["read"]


class State(StrEnum):
    """Where a grant stands; every state but `active` is final."""

    ACTIVE = "active"
    REVOKED = "revoked"  # by the holder or by staff
    RENOUNCED = "renounced"  # by the guest
    EXPIRED = "expired"  # its end date came
    ENDED = "ended"  # the installations changed holder
    CANCELLED = "cancelled"  # either account was locked or erased


class Grant(Base):
    """`holder` lets `grantee` act on the installations of `GrantInstallation`, until an end.

    Whether it is effective is asked each time (see `grants.effective`); `state` is the record.
    """

    __tablename__ = "grants"
    __table_args__ = (
        Index("ix_grants_grantee_id", "grantee_id", "id"),
        Index("ix_grants_granted_by_id", "granted_by_id", "id"),
        Index("ix_grants_holder_tax_id", "holder_tax_id", "id"),
        Index("ix_grants_expires_at", "expires_at", postgresql_where=text("state = 'active'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # g_…
    holder_tax_id: Mapped[TaxId] = mapped_column(
        TaxIdColumn, ForeignKey("holders.tax_id", ondelete="RESTRICT")
    )
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    grantee_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    relation: Mapped[Relation] = mapped_column(choice(Relation))
    level: Mapped[Level] = mapped_column(choice(Level))
    state: Mapped[State] = mapped_column(choice(State))
    version: Mapped[int] = mapped_column(BigInteger)  # rises with every change
    installation_count: Mapped[int]  # those that have not ended
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # NULL: until it is revoked
    ended_at: Mapped[datetime | None]  # NULL: active
    end_reason: Mapped[str]  # what staff wrote; empty otherwise

    holder: Mapped[Holder] = relationship()
    grantee: Mapped[Account] = relationship(foreign_keys=grantee_id)
    granted_by: Mapped[Account] = relationship(foreign_keys=granted_by_id)


class GrantInstallation(Base):
    """One installation of a grant; revoking a single one touches this row and the counters."""

    __tablename__ = "grant_installations"
    __table_args__ = (
        Index("ix_grant_installations_installation_id", "installation_id"),
        # The first few of a grant are read without passing over those that ended.
        Index(
            "ix_grant_installations_live",
            "grant_id",
            "installation_id",
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    grant_id: Mapped[int] = mapped_column(
        ForeignKey("grants.id", ondelete="CASCADE"), primary_key=True
    )
    installation_id: Mapped[int] = mapped_column(
        ForeignKey("installations.id", ondelete="RESTRICT"), primary_key=True
    )
    ended_at: Mapped[datetime | None]  # NULL: part of the grant

    installation: Mapped[Installation] = relationship()
