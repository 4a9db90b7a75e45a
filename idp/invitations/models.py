"""Invitations, and the draft that the wizard fills in step by step."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.extensions import Base, choice
from idp.grants.models import Extent, Grant, Level, Relation
from idp.mail import Recipient
from idp.registry.models import Holder, Installation
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Decision(StrEnum):
    """How an invitation was settled."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"  # the holder took it back
    LAPSED = "lapsed"  # nobody answered in time


class Invitation(Base):
    """An offer from a holder to a named person."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index("ix_invitations_holder_tax_id", "holder_tax_id", "id"),
        Index("ix_invitations_inviter_id", "inviter_id", "id"),
        Index("ix_invitations_guest_tax_id", "guest_tax_id", "id"),
        Index("ix_invitations_guest_email", "guest_email"),
        Index("ix_invitations_open", "expires_at", postgresql_where=text("settled_at IS NULL")),
        CheckConstraint(
            "inviter_id IS NOT NULL OR relation = 'representative'", name="sent_by_somebody"
        ),
        CheckConstraint("(settled_at IS NULL) = (decision IS NULL)", name="settled_by_a_decision"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # v_…
    protocol: Mapped[str] = mapped_column(unique=True)  # durable number to quote in any channel
    holder_tax_id: Mapped[TaxId] = mapped_column(
        TaxIdColumn, ForeignKey("holders.tax_id", ondelete="RESTRICT")
    )
    holder_name: Mapped[str]  # as it was when the offer was made; papers say so for years
    # NULL: the utility, which invites a representative that staff verified
    inviter_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="RESTRICT"))
    guest_name: Mapped[str]
    guest_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    guest_email: Mapped[str]  # lower case
    locale: Mapped[str]  # language of the mail to the guest
    relation: Mapped[Relation] = mapped_column(choice(Relation))
    level: Mapped[Level] = mapped_column(choice(Level))
    extent: Mapped[Extent] = mapped_column(choice(Extent))
    installation_count: Mapped[int]  # as offered; some may change holder before the answer
    parent_id: Mapped[int | None] = mapped_column(  # NULL: offered by the holder's side
        ForeignKey("grants.id", ondelete="RESTRICT"), index=True
    )
    # Several offers of one inviter to one guest, told and answered together. NULL: a single one
    batch: Mapped[str | None] = mapped_column(index=True)
    grant_expires_at: Mapped[datetime | None]  # NULL: the access has no end date
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # the offer lapses then
    settled_at: Mapped[datetime | None]  # NULL: open
    decision: Mapped[Decision | None] = mapped_column(choice(Decision))  # NULL: open
    decline_reason: Mapped[str]
    grant_id: Mapped[int | None] = mapped_column(  # NULL: not accepted
        ForeignKey("grants.id", ondelete="RESTRICT"), index=True
    )
    resent_from_id: Mapped[int | None] = mapped_column(  # NULL: a first offer
        ForeignKey("invitations.id", ondelete="SET NULL"), unique=True
    )

    holder: Mapped[Holder] = relationship()
    inviter: Mapped[Account | None] = relationship()
    grant: Mapped[Grant | None] = relationship(foreign_keys=grant_id)
    parent: Mapped[Grant | None] = relationship(foreign_keys=parent_id)

    @property
    def guest(self) -> Recipient:
        """The invited person as somebody to write to."""
        return Recipient(self.guest_name, self.guest_email, self.locale)

    def settle(self, decision: Decision, at: datetime) -> None:
        """Close the invitation for good; only under the row's lock, and only once."""
        self.decision = decision
        self.settled_at = at


class InvitationDraft(Base):
    """What was chosen so far in `/invitations/new`; kept when going back, reloading, signing in."""

    __tablename__ = "invitation_drafts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # d_…
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    holder_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    segment: Mapped[str | None]  # NULL: not asked, there is only one
    search: Mapped[str]  # what the list of installations was last searched for
    shown: Mapped[str]  # which of them it shows, see `conditions.Shown`
    # How installations are chosen, see `conditions.Choice`. NULL: not asked; empty: not answered
    choice: Mapped[str | None]
    installation_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), deferred=True)
    guest_name: Mapped[str]
    guest_tax_id: Mapped[str]  # as typed, read when the step is sent
    guest_email: Mapped[str]
    level: Mapped[str]  # empty: not chosen yet
    ends_on: Mapped[str]  # ISO date as typed; empty: no end
    version: Mapped[int]  # rises with every answer, so that another tab's can't be sent unseen
    created_at: Mapped[datetime] = mapped_column(index=True)
    invitation_id: Mapped[int | None] = mapped_column(  # NULL: not sent yet
        ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )

    invitation: Mapped[Invitation | None] = relationship()


class InvitationInstallation(Base):
    """One installation on offer."""

    __tablename__ = "invitation_installations"
    __table_args__ = (Index("ix_invitation_installations_installation_id", "installation_id"),)

    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True
    )
    installation_id: Mapped[int] = mapped_column(
        ForeignKey("installations.id", ondelete="RESTRICT"), primary_key=True
    )

    installation: Mapped[Installation] = relationship()
