"""What happens to grants when installations change holder: the access to those ends.

Runs inside the import's transaction. The rows are changed set by set; only the trail and the mails
are written grant by grant.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import text

from idp.audit import SYSTEM, Event
from idp.extensions import db
from idp.grants.endings import locking
from idp.grants.letters import SHOWN, Concerned
from idp.grants.models import Grant, State
from idp.grants.telling import tell
from idp.registry.signals import installations_transferred

BATCH = 500  # grants held in memory at once

MAKE_TABLES = text(
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS grants_losing (id bigint PRIMARY KEY) ON COMMIT DROP;
    CREATE TEMPORARY TABLE IF NOT EXISTS grant_losses
        (grant_id bigint PRIMARY KEY, lost int, codes text[]) ON COMMIT DROP;
    TRUNCATE grants_losing, grant_losses
    """
)
# Locked in the order of their ids and before their rows, as everywhere: no two can deadlock. All
# that covers everything, since another transaction may be excepting one at this moment. One that
# has ended already, at its own end date or with a link above, is left to the worker.
LOCK = text(
    """
    INSERT INTO grants_losing
    SELECT g.id FROM grants g
     WHERE g.state = 'active' AND (g.expires_at IS NULL OR g.expires_at > :at)
       AND NOT EXISTS (
           SELECT FROM grants above
            WHERE above.id = ANY(g.ancestors)
              AND (above.state <> 'active' OR above.expires_at <= :at))
       AND g.id IN (
           SELECT gi.grant_id FROM grant_installations gi
             JOIN transferred_installations t ON t.installation_id = gi.installation_id
           UNION ALL
           SELECT e.id FROM transferred_installations t
             JOIN grants e ON e.holder_tax_id = t.former_holder
            WHERE e.extent = 'everything' AND e.state = 'active')
     ORDER BY g.id FOR NO KEY UPDATE
    """
)
END_ROWS = text(
    """
    WITH ended AS (
        UPDATE grant_installations gi SET ended_at = :at
          FROM transferred_installations t, grants_losing l, grants g
         WHERE gi.installation_id = t.installation_id AND gi.grant_id = l.id AND g.id = l.id
           AND g.holder_tax_id = t.former_holder AND gi.ended_at IS NULL
        RETURNING gi.grant_id, gi.installation_id
    )
    INSERT INTO grant_losses
    SELECT e.grant_id, count(*), (array_agg(i.code ORDER BY i.code))[1: :shown]
      FROM ended e JOIN installations i ON i.id = e.installation_id
     GROUP BY e.grant_id
    """
)
END_GRANTS = text(
    """
    UPDATE grants g
       SET installation_count = g.installation_count - l.lost, version = g.version + 1,
           state = CASE WHEN g.installation_count = l.lost THEN 'ended' ELSE g.state END,
           ended_at = CASE WHEN g.installation_count = l.lost THEN :at ELSE g.ended_at END
      FROM grant_losses l WHERE g.id = l.grant_id
    """
)
# What was excepted from everything stays so, should it come back: only the holder lets anybody act
# on it again. It counts while it stands in the holder's name.
RECOUNT_EXCEPTIONS = text(
    """
    WITH moved AS (
        SELECT e.id, sum(CASE e.holder_tax_id WHEN t.former_holder THEN -1 ELSE 1 END) AS rows
          FROM transferred_installations t
          JOIN installations i ON i.id = t.installation_id
          JOIN grant_installations gi ON gi.installation_id = t.installation_id
          JOIN grants_losing l ON l.id = gi.grant_id
          JOIN grants e ON e.id = l.id
         WHERE e.extent = 'everything' AND e.holder_tax_id IN (t.former_holder, i.holder_tax_id)
         GROUP BY e.id
    )
    UPDATE grants g SET excepted_count = g.excepted_count + moved.rows
      FROM moved WHERE g.id = moved.id
    """
)
NEXT_LOSSES = text(
    "SELECT grant_id, lost, codes FROM grant_losses WHERE grant_id > :after"
    " ORDER BY grant_id LIMIT :limit"
)


def subscribe() -> None:
    """Hear of every import that moved installations to another holder."""
    installations_transferred.connect(on_transferred)


def on_transferred(_sender: Any, *, at: datetime) -> None:
    """End what the former holders had granted of these installations, and tell everybody."""
    db.session.flush()
    db.session.execute(MAKE_TABLES)
    db.session.execute(LOCK, {"at": at})
    db.session.execute(END_ROWS, {"at": at, "shown": SHOWN})
    db.session.execute(END_GRANTS, {"at": at})
    db.session.execute(RECOUNT_EXCEPTIONS)
    after = 0
    while losses := db.session.execute(NEXT_LOSSES, {"after": after, "limit": BATCH}).all():
        _tell_of({row.grant_id: row for row in losses}, at)
        after = losses[-1].grant_id


def _tell_of(losses: dict[int, Any], at: datetime) -> None:
    grants = db.session.scalars(locking().where(Grant.id.in_(losses)).order_by(Grant.id)).all()
    for grant in grants:
        loss = losses[grant.id]
        ended = grant.state is State.ENDED
        event = Event.GRANT_ENDED if ended else Event.GRANT_NARROWED
        tell(grant, event, Concerned(loss.lost, list(loss.codes)), by=SYSTEM, at=at)
