"""Names that were given out, so that they can be understood when they come back."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class SubjectSecret(Base):
    """What pairwise names are made with. There is one, and it never changes: with another one every
    application would take everybody for somebody else."""

    __tablename__ = "subject_secrets"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)  # 1
    sealed_secret: Mapped[str]
    created_at: Mapped[datetime]


class PairwiseSubject(Base):
    """A name that a sector knows, and whose it is."""

    __tablename__ = "pairwise_subjects"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (tax_id IS NULL)", name="of_account_or_holder"),
    )

    subject: Mapped[str] = mapped_column(primary_key=True)
    sector: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(  # NULL: a holder who had no account
        BigInteger, ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    tax_id: Mapped[TaxId | None] = mapped_column(TaxIdColumn, index=True)  # NULL: the account's
