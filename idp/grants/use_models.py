"""What applications say was done with a grant."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.extensions import Base, choice
from idp.grants.models import Grant
from idp.registry.models import Installation
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Action(StrEnum):
    """What was done, in the words of `authorization_details` (RFC 9396 section 2.2)."""

    READ = "read"
    WRITE = "write"


class GrantUse(Base):
    """One thing that the grantee did through an application, as that application told it.

    A trigger refuses UPDATE and DELETE, as it does for the trail (see the first migration).
    """

    __tablename__ = "grant_uses"
    __table_args__ = (
        UniqueConstraint("client_id", "reference"),
        Index("ix_grant_uses_grant_id", "grant_id", "at", "id"),
        Index("ix_grant_uses_holder_tax_id", "holder_tax_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    grant_id: Mapped[int] = mapped_column(ForeignKey("grants.id", ondelete="RESTRICT"))
    holder_tax_id: Mapped[TaxId] = mapped_column(  # the grant's, so that a holder's uses are one
        TaxIdColumn, ForeignKey("holders.tax_id", ondelete="RESTRICT")
    )
    installation_id: Mapped[int | None] = mapped_column(  # NULL: none was named, or no known one
        ForeignKey("installations.id", ondelete="RESTRICT")
    )
    installation_code: Mapped[str]  # as it was told; empty: the access as a whole
    distributor: Mapped[str]  # as it was told; empty: not told
    client_id: Mapped[str]
    client_name: Mapped[str]  # at the time of the report
    reference: Mapped[str]  # the client's own: the same one is never recorded twice
    action: Mapped[Action] = mapped_column(choice(Action))
    description: Mapped[str]
    was_allowed: Mapped[bool]  # by the grant and the links above it, at that moment
    at: Mapped[datetime]  # when it happened
    reported_at: Mapped[datetime]

    grant: Mapped[Grant] = relationship()
    installation: Mapped[Installation | None] = relationship()
