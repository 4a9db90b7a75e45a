"""Accounts, the registrations that become them, password resets and browser sessions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from idp.audit import Actor
from idp.extensions import Base, choice
from idp.mail import Recipient
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Assurance(StrEnum):
    """How sure we are that the account is the party of its tax id."""

    DECLARED = "declared"  # the e-mail address was confirmed, nothing more
    PROVEN = "proven"  # knows a fact of the contract
    VERIFIED = "verified"  # staff reviewed evidence


class AccountKind(StrEnum):
    """What somebody registered as."""

    CUSTOMER = "customer"
    AGENCY = "agency"  # a real-estate agency: see `registration.models.Agency`


class Account(Base):
    """A party who can sign in. It exists from activation on; before that it is a registration.

    Once erased it can't be found by its tax id, and counts as locked; see `erasure`.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        Index("ix_accounts_email", "email"),
        # Search by name in the staff console, from the beginning of the folded name.
        Index("ix_accounts_name", text("lower(name) text_pattern_ops")),
        # Few are: whoever asks whether a party of a grant is locked looks here.
        Index("ix_accounts_locked", "id", postgresql_where=text("locked_at IS NOT NULL")),
        CheckConstraint("(erased_at IS NULL) = (tax_id IS NOT NULL)", name="found_until_erased"),
        CheckConstraint("erased_at IS NULL OR locked_at IS NOT NULL", name="erased_is_locked"),
        CheckConstraint("erased_at IS NOT NULL OR former_tax_id IS NULL", name="former_if_erased"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # a_…
    # NULL: erased, which nobody is who signs in; where that can be, ask for `party`
    tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn, unique=True, nullable=True)
    kind: Mapped[AccountKind] = mapped_column(
        choice(AccountKind), server_default=AccountKind.CUSTOMER
    )
    name: Mapped[str]  # erased, and on no paper: the public id
    email: Mapped[str]  # lower case; empty: erased
    landline: Mapped[str]  # empty: none given
    mobile: Mapped[str]  # empty: none given
    locale: Mapped[str]  # language tag of mails
    password_hash: Mapped[str]  # empty: erased, or none until a new one is set
    assurance: Mapped[Assurance] = mapped_column(choice(Assurance))
    activated_at: Mapped[datetime]
    password_changed_at: Mapped[datetime]
    locked_at: Mapped[datetime | None]  # NULL: not locked
    erased_at: Mapped[datetime | None]  # NULL: not erased
    former_tax_id: Mapped[TaxId | None] = mapped_column(  # NULL: not erased, or on no paper
        TaxIdColumn
    )

    @property
    def party(self) -> TaxId | None:
        """Whose account it is, or was, as long as papers say so."""
        return self.former_tax_id if self.erased_at else self.tax_id

    @property
    def actor(self) -> Actor:
        """This person in the audit trail."""
        return Actor("account", self.public_id)

    @property
    def recipient(self) -> Recipient:
        """This person as somebody to write to."""
        return Recipient(self.name, self.email, self.locale)


class Registration(Base):
    """A filled-in form that awaits the click in the mail. Several may wait for one tax id: the
    first to be activated becomes the account, so nobody can squat on somebody else's."""

    __tablename__ = "registrations"
    __table_args__ = (
        Index("ix_registrations_tax_id", "tax_id", "created_at"),
        Index("ix_registrations_email", "email", "created_at"),
        Index("ix_registrations_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # r_…
    tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    kind: Mapped[AccountKind] = mapped_column(
        choice(AccountKind), server_default=AccountKind.CUSTOMER
    )
    agency: Mapped[dict[str, str] | None] = mapped_column(  # NULL: a customer
        JSONB(none_as_null=True)
    )
    name: Mapped[str]
    email: Mapped[str]
    landline: Mapped[str]
    mobile: Mapped[str]
    locale: Mapped[str]
    password_hash: Mapped[str]  # empty: the password is chosen when the link is opened
    assurance: Mapped[Assurance] = mapped_column(choice(Assurance))
    return_to: Mapped[str]  # local path to go on with after the first sign-in; empty: none
    terms_version: Mapped[str]
    terms_locale: Mapped[str]
    statement_version: Mapped[str] = mapped_column(server_default="")  # empty: no statement
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]  # NULL: the link was not used


class PasswordReset(Base):
    """A recovery link: good for one change of password."""

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # p_…
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]  # NULL: not used, and usable until expires_at

    account: Mapped[Account] = relationship()


class BrowserSession(Base):
    """A signed-in browser. The cookie holds a random token, the row its hash."""

    __tablename__ = "browser_sessions"
    __table_args__ = (
        Index(
            "ix_browser_sessions_account_id",
            "account_id",
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_browser_sessions_expires_at", "expires_at"),
        Index(  # for `endings.end_due`
            "ix_browser_sessions_ending", "expires_at", postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # s_…: the `sid` of tokens
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    authenticated_at: Mapped[datetime]  # `auth_time`: when the password was last checked
    amr: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]  # written at most once a minute
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # NULL: not signed out
    user_agent: Mapped[str]
    address: Mapped[str | None] = mapped_column(INET)  # NULL: unknown

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)
