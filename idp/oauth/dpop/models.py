"""What was shown, and may not be shown again."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base


class UsedProof(Base):
    """A proof that was shown, until it is too old to be shown again."""

    __tablename__ = "used_dpop_proofs"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # of key and `jti`
    expires_at: Mapped[datetime] = mapped_column(index=True)
