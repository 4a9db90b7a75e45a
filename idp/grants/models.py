"""Grants: the delegation from one person to another that an accepted invitation creates."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
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


class Extent(StrEnum):
    """Which of the holder's installations a grant covers."""

    CHOSEN = "chosen"  # those of its rows that have not ended
    EVERYTHING = "everything"  # all, those to come too, except its rows that have ended


class State(StrEnum):
    """Where a grant stands; every state but `active` is final."""

    ACTIVE = "active"
    REVOKED = "revoked"  # by the holder or by staff
    RENOUNCED = "renounced"  # by the guest
    EXPIRED = "expired"  # its end date came
    ENDED = "ended"  # the installations changed holder
    CANCELLED = "cancelled"  # either account was locked or erased


class Grant(Base):
    """One link: `granted_by` lets `grantee` act on installations of `holder`, until an end.

    A link stands under the one that its giver acts by, `parent`; links given by the holder's side
    have none. What a person may really do is what all links from the holder down allow together,
    asked each time (see `grants.effective`); `state` is the record of this link alone.
    """

    __tablename__ = "grants"
    __table_args__ = (
        Index("ix_grants_grantee_id", "grantee_id", "id"),
        # What a person has from one holder: the question behind every decision. As one expression,
        # since the planner takes people to have few grants, and would look through all of them.
        Index(
            "ix_grants_between",
            text("((grantee_id::text || ' '::text) || holder_tax_id)"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_grants_received", "grantee_id", "id", postgresql_where=text("state = 'active'")),
        Index("ix_grants_parent_id", "parent_id", "id"),
        Index("ix_grants_unsettled_below", "id", postgresql_where=text("unsettled_below")),
        # Who acts for a company, and who covers whatever comes to it.
        Index(
            "ix_grants_everything",
            "holder_tax_id",
            "relation",
            postgresql_where=text("extent = 'everything' AND state = 'active'"),
        ),
        Index("ix_grants_granted_by_id", "granted_by_id", "id"),
        Index("ix_grants_holder_tax_id", "holder_tax_id", "id"),
        Index("ix_grants_expires_at", "expires_at", postgresql_where=text("state = 'active'")),
        CheckConstraint("(parent_id IS NULL) = (cardinality(ancestors) = 0)", name="below_parent"),
        CheckConstraint(
            "(granted_by_id IS NULL) = (relation = 'representative')", name="given_by_somebody"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # g_…
    holder_tax_id: Mapped[TaxId] = mapped_column(
        TaxIdColumn, ForeignKey("holders.tax_id", ondelete="RESTRICT")
    )
    # NULL: nobody gave it; staff verified that the grantee represents the company
    granted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    grantee_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    parent_id: Mapped[int | None] = mapped_column(  # NULL: given by the holder's side
        ForeignKey("grants.id", ondelete="RESTRICT")
    )
    ancestors: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))  # ids from the holder down
    relation: Mapped[Relation] = mapped_column(choice(Relation))
    extent: Mapped[Extent] = mapped_column(choice(Extent))
    level: Mapped[Level] = mapped_column(choice(Level))
    state: Mapped[State] = mapped_column(choice(State))
    version: Mapped[int] = mapped_column(BigInteger)  # rises with every change
    installation_count: Mapped[int]  # chosen: rows that have not ended; everything: 0
    excepted_count: Mapped[int]  # everything: ended rows of what the holder has; chosen: 0
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # NULL: until it is revoked
    ended_at: Mapped[datetime | None]  # NULL: active
    end_reason: Mapped[str]  # what staff wrote; empty otherwise
    # It ended with links below, whose own records the worker still has to close
    unsettled_below: Mapped[bool] = mapped_column(default=False)

    holder: Mapped[Holder] = relationship()
    grantee: Mapped[Account] = relationship(foreign_keys=grantee_id)
    granted_by: Mapped[Account | None] = relationship(foreign_keys=granted_by_id)


class GrantInstallation(Base):
    """One installation of a grant, or an exception to everything.

    Taking a single one back ends the row of a chosen extent, and adds an ended row to everything.
    """

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
