"""Second factors, what stands in for a lost one, and sign-ins that wait for one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from idp.accounts.models import Account
from idp.extensions import Base, choice


class Kind(StrEnum):
    """How somebody can show more than a password; in mails and in the trail too."""

    APP = "app"
    PASSKEY = "passkey"
    CODE = "code"  # of an app, or a recovery code: what was typed doesn't tell


class PendingSignIn(Base):
    """The password was right and the factor isn't there yet: worth nothing but the page that asks
    for it. The cookie holds a random token, the row its hash."""

    __tablename__ = "pending_sign_ins"
    __table_args__ = (Index("ix_pending_sign_ins_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    amr: Mapped[list[str]] = mapped_column(ARRAY(Text))  # what was shown so far
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int]  # wrong codes and passkeys
    settled_at: Mapped[datetime | None]  # NULL: waits until expires_at

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class TotpFactor(Base):
    """An authenticator app (RFC 6238), confirmed by a code; at most one for each account."""

    __tablename__ = "totp_factors"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), unique=True
    )
    sealed_secret: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger)  # no code of it or before works again
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]  # NULL: only to confirm it


class RecoveryCode(Base):
    """One of those that the person keeps on paper; it works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        Index("ix_recovery_codes_account_id", "account_id", "code_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # NULL: not used


class Passkey(Base):
    """A credential of WebAuthn: a key pair of which we know the public half."""

    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # k_…
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)  # COSE (RFC 9052 section 7)
    sign_count: Mapped[int] = mapped_column(BigInteger)  # 0: the authenticator doesn't count
    name: Mapped[str]  # the person's own words
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))  # how a browser may reach it
    synced: Mapped[bool]  # a copy may lie on several devices (WebAuthn: backup eligible)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]  # NULL: never


class Purpose(StrEnum):
    """What a passkey is asked for; an answer to one question is none to another."""

    REGISTER = "register"
    SIGN_IN = "sign_in"  # instead of the password: the account is not known yet
    FACTOR = "factor"  # after the password, or for more assurance later
    CONFIRM = "confirm"  # before a sensitive change


class PasskeyChallenge(Base):
    """A question to a passkey: good for one answer, from the browser that asked."""

    __tablename__ = "passkey_challenges"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    challenge_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[Purpose] = mapped_column(choice(Purpose))
    account_id: Mapped[int | None] = mapped_column(  # NULL: whoever has the passkey
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]  # NULL: not answered
