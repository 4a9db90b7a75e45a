"""Each proof once, whichever worker it is shown to (RFC 9449 section 11.1)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from idp.extensions import Base, db
from idp.identifiers import digest
from idp.oauth.dpop.errors import InvalidProof
from idp.oauth.dpop.proofs import Proof
from idp.oauth.dpop.rules import WINDOW


class UsedProof(Base):
    """A proof that was shown, until it is too old to be shown again."""

    __tablename__ = "used_dpop_proofs"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)  # of key and `jti`
    expires_at: Mapped[datetime] = mapped_column(index=True)


USE = text(
    "INSERT INTO used_dpop_proofs (digest, expires_at) VALUES (:digest, :expires_at)"
    " ON CONFLICT DO NOTHING"
)
PURGE = text("DELETE FROM used_dpop_proofs WHERE expires_at < :at")


def use(proof: Proof) -> None:
    """Raises `InvalidProof` if it was used before.

    Committed at once on a connection of its own: whatever becomes of the request, the proof is
    used, and nobody waits for the end of somebody else's transaction.
    """
    last = datetime.fromtimestamp(proof.issued_at, UTC) + timedelta(seconds=WINDOW)
    values = {"digest": digest(f"{proof.thumbprint}.{proof.jti}"), "expires_at": last}
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.execute(USE, values).rowcount:
            raise InvalidProof()


def purge(at: datetime) -> int:
    """Forget those that are too old to be accepted by now; returns how many."""
    return db.session.connection().execute(PURGE, {"at": at}).rowcount
