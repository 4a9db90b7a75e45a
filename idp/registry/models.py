"""Who holds which installation: our copy of the utility's customer information system."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.extensions import Base, choice
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class InstallationStatus(StrEnum):
    """Whether energy is supplied there."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class FactKind(StrEnum):
    """What a holder knows of a contract, besides its installation's code."""

    CONTRACT_NUMBER = "contract_number"
    BANK_DIGITS = "bank_digits"  # the last four of the account that pays
    INVOICE_TOTAL = "invoice_total"  # of one of the last three paid invoices


class Holder(Base):
    """The party in whose name installations stand, with or without an account.

    The counter is kept by the import, so that no claim has to count 100,000 rows.
    """

    __tablename__ = "holders"

    tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn, primary_key=True)
    name: Mapped[str]
    installation_count: Mapped[int]
    version: Mapped[int] = mapped_column(BigInteger)  # rises with every change of the set
    updated_at: Mapped[datetime]


class Installation(Base):
    """A supply point, unique within its distributor."""

    __tablename__ = "installations"
    __table_args__ = (
        UniqueConstraint("distributor", "code"),
        # Listing what a holder has, in a stable order, page by page.
        Index("ix_installations_holder", "holder_tax_id", "code", "id"),
        # Staff and the guest look an installation up by its code alone.
        Index("ix_installations_code", "code"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(
        unique=True, server_default=text("gen_random_uuid()")
    )
    distributor: Mapped[str]
    code: Mapped[str]
    holder_tax_id: Mapped[TaxId] = mapped_column(
        TaxIdColumn, ForeignKey("holders.tax_id", ondelete="RESTRICT")
    )
    address: Mapped[str]
    city: Mapped[str]
    state: Mapped[str]
    postal_code: Mapped[str]
    segment: Mapped[str]  # market segment, `low_voltage` for one
    status: Mapped[InstallationStatus] = mapped_column(choice(InstallationStatus))
    updated_at: Mapped[datetime]

    holder: Mapped[Holder] = relationship()


class ContractFact(Base):
    """What is left of a fact that shows who is the holder: to compare with, not to read.

    It came with an installation, and goes when that changes hands.
    """

    __tablename__ = "contract_facts"

    installation_id: Mapped[int] = mapped_column(
        ForeignKey("installations.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[FactKind] = mapped_column(choice(FactKind), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, index=True)
