"""What a form of several pages has been told so far."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.extensions import Base
from idp.invitations.models import Invitation
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class ContactDraft(Base):
    """A contact of a holder, or a collaborator for clients, that is being added."""

    __tablename__ = "contact_drafts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # k_…
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    holder_tax_id: Mapped[TaxId | None] = mapped_column(TaxIdColumn)  # NULL: a collaborator
    client_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))  # grants one manages by
    search: Mapped[str]  # what the list on the page was last searched for
    relation: Mapped[str]  # empty, as any of the following texts: not answered yet
    extent: Mapped[str]
    installation_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    level: Mapped[str]
    ends_on: Mapped[str]  # ISO date as typed; empty: as late as may be
    guest_name: Mapped[str]
    guest_tax_id: Mapped[str]  # as typed, read when the page is sent
    guest_email: Mapped[str]
    version: Mapped[int]  # rises with every answer, so that another tab's can't be sent unseen
    created_at: Mapped[datetime] = mapped_column(index=True)
    # The first of those that were sent. NULL: not sent yet
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), index=True
    )

    account: Mapped[Account] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
