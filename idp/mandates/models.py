"""Requests to act for a company or to manage somebody's installations, with their documents."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.accounts.models import Account
from idp.evidence.models import Document
from idp.extensions import Base, choice
from idp.grants.models import Grant, Level
from idp.invitations.models import Invitation
from idp.mail import Recipient
from idp.taxids import TaxId
from idp.taxids.column import TaxIdColumn


class Kind(StrEnum):
    """What the nominee is to become."""

    REPRESENTATIVE = "representative"  # acts for a company
    MANAGER = "manager"  # external manager of a holder's installations


class RequestState(StrEnum):
    """Where a request stands; approved, refused and withdrawn are final."""

    DRAFT = "draft"  # begun, not sent: nobody but its author sees it
    OPEN = "open"  # awaits staff
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    """Where the request came in."""

    WEB = "web"
    DESK = "desk"
    PHONE = "phone"


class Refusal(StrEnum):
    """Why staff said no; beside it stands a sentence of their own."""

    UNREADABLE = "unreadable"  # cut off, blurred, a file that opens nowhere
    INCOMPLETE = "incomplete"  # a document is missing, or no longer valid
    MISMATCH = "mismatch"  # the documents name another company or person
    NO_POWERS = "no_powers"  # they don't show that the person may act
    NOT_A_CUSTOMER = "not_a_customer"  # no installation stands in that name
    OTHER = "other"


class MandateRequest(Base):
    """Somebody says that `nominee` may act for `holder`, and staff compare that with documents.

    Holder and nominee are kept as they were claimed: neither need be known to us.
    """

    __tablename__ = "mandate_requests"
    __table_args__ = (
        Index("ix_mandate_requests_account_id", "account_id", "id"),
        # The queue of staff, oldest first.
        Index("ix_mandate_requests_state", "state", "id"),
        Index(
            "uq_mandate_requests_open",
            "holder_tax_id",
            "nominee_tax_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("(account_id IS NULL) = (staff <> '')", name="opened_by_one"),
        CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name="sent_unless_draft"),
        CheckConstraint(
            "(state IN ('draft', 'open')) = (settled_at IS NULL)", name="settled_at_the_end"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)  # m_…
    protocol: Mapped[str] = mapped_column(unique=True)  # durable number to quote in any channel
    kind: Mapped[Kind] = mapped_column(choice(Kind))
    state: Mapped[RequestState] = mapped_column(choice(RequestState))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    account_id: Mapped[int | None] = mapped_column(  # NULL: staff opened it
        ForeignKey("accounts.id", ondelete="RESTRICT")
    )
    staff: Mapped[str]  # public id of the member who opened it; empty: an account did
    holder_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    holder_name: Mapped[str]
    nominee_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    nominee_name: Mapped[str]
    nominee_email: Mapped[str]  # lower case
    level: Mapped[Level] = mapped_column(choice(Level))  # representatives: always full
    ends_on: Mapped[date | None]  # last day of the access; NULL: no end date
    locale: Mapped[str]  # language of the mails to the nominee
    replaces_id: Mapped[int | None] = mapped_column(  # NULL: nobody's access is to end
        ForeignKey("grants.id", ondelete="RESTRICT"), index=True
    )
    caller_name: Mapped[str]  # whom staff spoke to, here and below; empty: opened on the web
    caller_phone: Mapped[str]
    caller_relation: Mapped[str]  # to the company, in words
    case_reason: Mapped[str]
    seen_at_desk: Mapped[str]  # documents that were shown and not kept; empty: none
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # NULL: a draft
    settled_at: Mapped[datetime | None]  # NULL: a draft, or open
    identity_seen: Mapped[bool]  # whether the documents showed who the nominee is
    reviewer: Mapped[str]  # public id of the member who decided; empty: nobody did
    refusal: Mapped[Refusal | None] = mapped_column(choice(Refusal))  # NULL: not refused
    remark: Mapped[str]  # refused: what the applicant is told; approved: why names may differ
    grant_id: Mapped[int | None] = mapped_column(  # NULL: no access was given at once
        ForeignKey("grants.id", ondelete="RESTRICT"), index=True
    )
    invitation_id: Mapped[int | None] = mapped_column(  # NULL: nobody had to be invited
        ForeignKey("invitations.id", ondelete="SET NULL"), index=True
    )

    account: Mapped[Account | None] = relationship()
    replaces: Mapped[Grant | None] = relationship(foreign_keys=replaces_id)
    grant: Mapped[Grant | None] = relationship(foreign_keys=grant_id)
    invitation: Mapped[Invitation | None] = relationship()
    documents: Mapped[list[Document]] = relationship(
        secondary="mandate_documents", order_by=Document.id
    )

    @property
    def nominee(self) -> Recipient:
        """The person who shall act, as somebody to write to."""
        return Recipient(self.nominee_name, self.nominee_email, self.locale)

    @property
    def is_for_oneself(self) -> bool:
        """Whether the applicant is the one who shall act."""
        return self.account is not None and self.account.tax_id == self.nominee_tax_id

    def settle(self, state: RequestState, at: datetime) -> None:
        """Close the request for good; only under the row's lock, and only once."""
        self.state = state
        self.settled_at = at


class MandateDocument(Base):
    """One document of a request."""

    __tablename__ = "mandate_documents"

    request_id: Mapped[int] = mapped_column(
        ForeignKey("mandate_requests.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(
        ForeignKey("evidence_documents.id", ondelete="RESTRICT"), primary_key=True, index=True
    )


class MandateReading(Base):
    """What one reviewer read off the documents, before seeing what was claimed. Never changed:
    who reads again adds another row, and the last one of the reviewer who decides counts."""

    __tablename__ = "mandate_readings"
    __table_args__ = (Index("ix_mandate_readings_request_id", "request_id", "reviewer", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("mandate_requests.id", ondelete="CASCADE"))
    reviewer: Mapped[str]  # public id of the member of staff
    holder_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    holder_name: Mapped[str]
    nominee_tax_id: Mapped[TaxId] = mapped_column(TaxIdColumn)
    nominee_name: Mapped[str]
    level: Mapped[Level | None] = mapped_column(choice(Level))  # NULL: of a representative
    ends_on: Mapped[date | None]  # NULL: of a representative, or the documents name no end
    read_at: Mapped[datetime]
