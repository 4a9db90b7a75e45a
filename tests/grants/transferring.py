"""Move installations to another holder the way the import does, without a file."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from idp import clock
from idp.extensions import db
from idp.registry.models import Installation
from idp.registry.signals import installations_transferred
from idp.taxids import TaxId


def transfer(
    installations: Sequence[Installation], to: TaxId, *, at: datetime | None = None
) -> None:
    """One import's worth of changes of holder: rows, counters, temporary table, signal."""
    db.session.execute(text("DROP TABLE IF EXISTS transferred_installations"))
    db.session.execute(
        text(
            "CREATE TEMPORARY TABLE transferred_installations"
            " (installation_id bigint PRIMARY KEY, former_holder text) ON COMMIT DROP"
        )
    )
    for each in installations:
        former = str(each.holder_tax_id)
        values = {"id": each.id, "former": former, "to": str(to)}
        for statement in (
            "INSERT INTO transferred_installations VALUES (:id, :former)",
            "UPDATE installations SET holder_tax_id = :to WHERE id = :id",
            "UPDATE holders SET installation_count = installation_count - 1,"
            " version = version + 1 WHERE tax_id = :former",
            "UPDATE holders SET installation_count = installation_count + 1,"
            " version = version + 1 WHERE tax_id = :to",
        ):
            db.session.execute(text(statement), values)
        db.session.refresh(each)
    installations_transferred.send(None, at=at or clock.now())
    db.session.commit()
