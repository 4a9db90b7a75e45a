"""Each proof once, whichever worker it is shown to (RFC 9449 section 11.1)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from idp.extensions import db
from idp.identifiers import digest
from idp.oauth.dpop.errors import InvalidProof
from idp.oauth.dpop.models import UsedProof
from idp.oauth.dpop.proofs import Proof
from idp.oauth.dpop.rules import WINDOW

USE = insert(UsedProof).on_conflict_do_nothing().returning(UsedProof.digest)


def use(proof: Proof) -> None:
    """Raises `InvalidProof` if it was used before.

    Committed at once on a connection of its own: whatever becomes of the request, the proof is
    used, and nobody waits for the end of somebody else's transaction.
    """
    last = datetime.fromtimestamp(proof.issued_at, UTC) + timedelta(seconds=WINDOW)
    values = {"digest": digest(f"{proof.thumbprint}.{proof.jti}"), "expires_at": last}
    engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.scalar(USE, values) is None:
            raise InvalidProof()


def purge(at: datetime) -> int:
    """Forget those that are too old to be accepted by now; returns how many."""
    gone = delete(UsedProof).where(UsedProof.expires_at < at)
    return db.session.connection().execute(gone).rowcount
