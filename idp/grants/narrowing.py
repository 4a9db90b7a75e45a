"""Take single installations out of a grant, and out of everything given on below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, text

from idp.extensions import db, plan_anew
from idp.grants.letters import SHOWN
from idp.grants.models import Extent, Grant

IDS = bindparam("ids", type_=ARRAY(BigInteger))

# A chosen extent: end the rows.
END_ROWS = text(
    """
    UPDATE grant_installations gi SET ended_at = :at FROM installations i
     WHERE gi.grant_id = :grant AND gi.installation_id = ANY(:ids) AND gi.ended_at IS NULL
       AND i.id = gi.installation_id
    RETURNING i.code
    """
).bindparams(IDS)
# Everything: except them, those that it still covers.
EXCEPT = text(
    """
    WITH excepted AS (
        INSERT INTO grant_installations (grant_id, installation_id, ended_at)
        SELECT :grant, i.id, :at FROM installations i
         WHERE i.id = ANY(:ids) AND i.holder_tax_id = :holder
           AND NOT EXISTS (SELECT FROM grant_installations above
                            WHERE above.grant_id = ANY(CAST(:ancestors AS bigint[]))
                              AND above.installation_id = i.id)
        ON CONFLICT DO NOTHING RETURNING installation_id
    )
    SELECT i.code FROM excepted JOIN installations i ON i.id = excepted.installation_id
    """
).bindparams(IDS)
# What was taken from a link is taken from those below it, so that their counters stay true. The
# rows were no longer effective the moment they ended above.
LOCK_BELOW = text(
    """
    WITH RECURSIVE below AS (
        SELECT id FROM grants WHERE parent_id = :grant
        UNION ALL
        SELECT g.id FROM grants g JOIN below ON g.parent_id = below.id
    )
    SELECT g.id FROM grants g WHERE g.id IN (SELECT id FROM below) AND g.state = 'active'
     ORDER BY g.id FOR NO KEY UPDATE
    """
)
NARROW_BELOW = text(
    """
    WITH ended AS (
        UPDATE grant_installations gi SET ended_at = :at
          FROM grants g
         WHERE g.id = ANY(:below) AND g.extent = 'chosen' AND gi.grant_id = g.id
           AND gi.installation_id = ANY(:ids) AND gi.ended_at IS NULL
        RETURNING gi.grant_id, gi.installation_id
    ), lost AS (
        SELECT ended.grant_id, count(*) AS rows,
               (array_agg(i.code ORDER BY i.code))[1: :shown] AS codes
          FROM ended JOIN installations i ON i.id = ended.installation_id
         GROUP BY ended.grant_id
    )
    UPDATE grants g SET installation_count = g.installation_count - lost.rows,
                        version = g.version + 1
      FROM lost WHERE g.id = lost.grant_id
    RETURNING g.id, lost.rows, lost.codes, g.installation_count = 0 AS is_empty
    """
).bindparams(IDS, bindparam("below", type_=ARRAY(BigInteger)))
# Everything below everything: what is excepted above by now needs no exception any more.
FREE_BELOW = text(
    """
    WITH freed AS (
        DELETE FROM grant_installations gi USING grants g
         WHERE g.id = ANY(:below) AND g.extent = 'everything' AND gi.grant_id = g.id
           AND gi.installation_id = ANY(:ids)
           AND EXISTS (SELECT FROM grant_installations above
                        WHERE above.grant_id = :grant
                          AND above.installation_id = gi.installation_id)
        RETURNING gi.grant_id
    )
    UPDATE grants g SET excepted_count = g.excepted_count - freed.rows
      FROM (SELECT grant_id, count(*) AS rows FROM freed GROUP BY grant_id) AS freed
     WHERE g.id = freed.grant_id
    """
).bindparams(IDS, bindparam("below", type_=ARRAY(BigInteger)))


@dataclass(frozen=True, slots=True)
class Loss:
    """What a link below lost with the one above."""

    grant_id: int
    count: int
    codes: list[str]  # the first few
    is_empty: bool  # nothing is left that it covers


def take(grant: Grant, installation_ids: Sequence[int], at: datetime) -> list[str]:
    """Take these out of `grant`, which is locked. Links below it are a matter of `take_below`.

    Returns the codes of those that it covered until now, in order. The grant's counters are
    changed, not yet written.
    """
    plan_anew()
    asked: dict[str, Any] = {"grant": grant.id, "ids": list(installation_ids), "at": at}
    if grant.extent is Extent.CHOSEN:
        codes = sorted(db.session.scalars(END_ROWS, asked))
        grant.installation_count -= len(codes)
    else:
        above = {"holder": str(grant.holder_tax_id), "ancestors": grant.ancestors}
        codes = sorted(db.session.scalars(EXCEPT, {**asked, **above}))
        grant.excepted_count += len(codes)
    return codes


def take_below(grant: Grant, installation_ids: Sequence[int], at: datetime) -> list[Loss]:
    """Take these out of all links below `grant`, which lost them; says what that changed."""
    below = list(db.session.scalars(LOCK_BELOW, {"grant": grant.id}))
    if not below:
        return []
    asked: dict[str, Any] = {"below": below, "ids": list(installation_ids)}
    db.session.execute(FREE_BELOW, {**asked, "grant": grant.id})
    rows = db.session.execute(NARROW_BELOW, {**asked, "at": at, "shown": SHOWN})
    return sorted((Loss(*row) for row in rows), key=lambda loss: loss.grant_id)
