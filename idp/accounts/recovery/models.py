"""Changes of e-mail addresses, until nobody can undo them; second factors about to be removed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.extensions import Base, choice


class Origin(StrEnum):
    """Where a change of address was asked for."""

    ACCOUNT = "account"  # on the account page, signed in
    RECOVERY = "recovery"  # with tax id and password
    STAFF = "staff"  # entered by staff for somebody who could do neither


class EmailChange(Base):
    """A new address that awaits its confirmation, or took the place of the old one.

    Of one account one is open at a time; asking for another ends it.
    """

    __tablename__ = "email_changes"
    __table_args__ = (
        Index(
            "uq_email_changes_open",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NULL AND ended_at IS NULL"),
        ),
        Index("ix_email_changes_account_id", "account_id", "id"),
        # Whether an address is one that somebody may still go back to.
        Index(
            "ix_email_changes_old_email",
            "old_email",
            postgresql_where=text("confirmed_at IS NOT NULL AND undone_at IS NULL"),
        ),
        Index("ix_email_changes_undo_until", "undo_until"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # e_…
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    origin: Mapped[Origin] = mapped_column(choice(Origin))
    old_email: Mapped[str]  # what undoing goes back to
    new_email: Mapped[str]
    caller_name: Mapped[str]  # whom staff spoke to; empty: staff had no part in it
    caller_phone: Mapped[str]  # likewise
    created_at: Mapped[datetime]
    opens_at: Mapped[datetime]  # the new address can be confirmed from here on …
    expires_at: Mapped[datetime]  # … until here
    undo_until: Mapped[datetime]  # the old address has the last word until here
    confirmed_at: Mapped[datetime | None]  # NULL: never took effect
    ended_at: Mapped[datetime | None]  # NULL: not given up before it was confirmed
    undone_at: Mapped[datetime | None]  # NULL: the old address did not object

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class FactorRemoval(Base):
    """Staff are to take the second factors of an account away, once its person had time to object.

    Who asked, why and what was checked is in the trail.
    """

    __tablename__ = "factor_removals"
    __table_args__ = (
        Index(
            "uq_factor_removals_open",
            "account_id",
            unique=True,
            postgresql_where=text("done_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index(
            "ix_factor_removals_due",
            "due_at",
            postgresql_where=text("done_at IS NULL AND cancelled_at IS NULL"),
        ),
        Index("ix_factor_removals_account_id", "account_id"),
        Index("ix_factor_removals_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # f_…
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    requested_by: Mapped[str]  # public id of the member of staff
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # until here the person can object
    done_at: Mapped[datetime | None]  # NULL: the factors are still asked for
    cancelled_at: Mapped[datetime | None]  # NULL: nobody objected

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
