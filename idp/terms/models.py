"""Who accepted which text."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base, choice
from idp.terms.texts import Terms


class TermsAcceptance(Base):
    """Proof of acceptance: the exact text is found again by version, language and hash."""

    __tablename__ = "terms_acceptances"
    __table_args__ = (
        Index("ix_terms_acceptances_account", "account", "terms"),
        Index(
            "ix_terms_acceptances_invitation",
            "invitation",
            postgresql_where=text("invitation IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account: Mapped[str]  # public id; kept after the account is erased, as the law asks
    invitation: Mapped[str | None]  # public id; NULL: accepted outside an invitation
    terms: Mapped[Terms] = mapped_column(choice(Terms))
    version: Mapped[str]
    locale: Mapped[str]
    sha256: Mapped[str]
    accepted_at: Mapped[datetime]
