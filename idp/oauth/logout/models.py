"""What applications have still to be told."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column, relationship

from idp.extensions import Base
from idp.oauth.models import Client


class LogoutNotice(Base):
    """A session that is over, for one application: written with the end, gone once it is told.

    Who it was stands here by the name that the application knows: the account may be erased by the
    time that it answers.
    """

    __tablename__ = "logout_notices"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("clients.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str]  # `sub` of the application's ID Tokens
    sid: Mapped[str]  # … and theirs
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)  # when it is tried, or tried again
    attempts: Mapped[int]

    client: Mapped[Client] = relationship()
