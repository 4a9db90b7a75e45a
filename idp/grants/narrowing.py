"""Take single installations out of a grant, and out of everything given on below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, TextClause, bindparam, text

from idp.extensions import db, plan_anew
from idp.grants.letters import SHOWN
from idp.grants.models import Extent, Grant


def _keyed(sql: str) -> TextClause:
    """Each statement looks at one table by its keys: whatever the planner takes the sizes of tables
    for, that costs no more than the list is long. A join of what it takes for a single row with
    what it takes for another reads all of one for each of the other."""
    lists = [name for name in ("ids", "links") if f":{name})" in sql]
    return text(sql).bindparams(*(bindparam(name, type_=ARRAY(BigInteger)) for name in lists))


# A chosen extent: end the rows.
END_ROWS = _keyed(
    """
    UPDATE grant_installations SET ended_at = :at
     WHERE grant_id = :grant AND installation_id = ANY(:ids) AND ended_at IS NULL
    RETURNING installation_id
    """
)
# Everything: except them, those that it still covers.
HELD = _keyed("SELECT id FROM installations WHERE id = ANY(:ids) AND holder_tax_id = :holder")
NAMED = _keyed(
    """
    SELECT installation_id FROM grant_installations
     WHERE grant_id = ANY(:links) AND installation_id = ANY(:ids)
    """
)
EXCEPT = _keyed(
    """
    INSERT INTO grant_installations (grant_id, installation_id, ended_at)
    SELECT :grant, id, :at FROM unnest(:ids) AS id
        ON CONFLICT DO NOTHING RETURNING installation_id
    """
)
CODES = _keyed("SELECT code FROM installations WHERE id = ANY(:ids)")
# What was taken from a link is taken from those below it, so that their counters stay true. The
# rows were no longer effective the moment they ended above.
LOCK_BELOW = text(
    """
    WITH RECURSIVE below AS (
        SELECT id FROM grants WHERE parent_id = :grant
        UNION ALL
        SELECT g.id FROM grants g JOIN below ON g.parent_id = below.id
    )
    SELECT g.id, g.extent FROM grants g WHERE g.id IN (SELECT id FROM below) AND g.state = 'active'
     ORDER BY g.id FOR NO KEY UPDATE
    """
)
NARROW_BELOW = _keyed(
    """
    WITH ended AS (
        UPDATE grant_installations SET ended_at = :at
         WHERE grant_id = ANY(:links) AND installation_id = ANY(:ids) AND ended_at IS NULL
        RETURNING grant_id, installation_id
    ), named AS (
        SELECT grant_id,
               (SELECT i.code FROM installations i WHERE i.id = ended.installation_id) AS code
          FROM ended
    ), lost AS (
        SELECT grant_id, count(*) AS rows, (array_agg(code ORDER BY code))[1: :shown] AS codes
          FROM named GROUP BY grant_id
    )
    UPDATE grants g SET installation_count = g.installation_count - lost.rows,
                        version = g.version + 1
      FROM lost WHERE g.id = lost.grant_id
    RETURNING g.id, lost.rows, lost.codes, g.installation_count = 0 AS is_empty
    """
)
# Everything below everything: what is excepted above by now needs no exception any more.
FREE_BELOW = _keyed(
    """
    WITH freed AS (
        DELETE FROM grant_installations
         WHERE grant_id = ANY(:links) AND installation_id = ANY(:ids)
        RETURNING grant_id
    )
    UPDATE grants g SET excepted_count = g.excepted_count - freed.rows
      FROM (SELECT grant_id, count(*) AS rows FROM freed GROUP BY grant_id) AS freed
     WHERE g.id = freed.grant_id
    """
)


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
    ids = list(installation_ids)
    if grant.extent is Extent.CHOSEN:
        taken = _ids(END_ROWS, grant=grant.id, ids=ids, at=at)
        grant.installation_count -= len(taken)
    else:
        held = _ids(HELD, ids=ids, holder=str(grant.holder_tax_id))
        above = set(_ids(NAMED, links=grant.ancestors, ids=held))
        covered = [each for each in held if each not in above]
        taken = _ids(EXCEPT, grant=grant.id, ids=covered, at=at)
        grant.excepted_count += len(taken)
    return sorted(db.session.scalars(CODES, {"ids": taken}))


def take_below(grant: Grant, installation_ids: Sequence[int], at: datetime) -> list[Loss]:
    """Take these out of all links below `grant`, which lost them; says what that changed."""
    below = db.session.execute(LOCK_BELOW, {"grant": grant.id}).all()
    lists = [row.id for row in below if row.extent == Extent.CHOSEN]
    others = [row.id for row in below if row.extent == Extent.EVERYTHING]
    ids = list(installation_ids)
    if others:
        excepted = _ids(NAMED, links=[grant.id], ids=ids)
        db.session.execute(FREE_BELOW, {"links": others, "ids": excepted})
    if not lists:
        return []
    asked = {"links": lists, "ids": ids, "at": at, "shown": SHOWN}
    rows = db.session.execute(NARROW_BELOW, asked)
    return sorted((Loss(*row) for row in rows), key=lambda loss: loss.grant_id)


def _ids(statement: TextClause, **asked: Any) -> list[int]:
    return list(db.session.scalars(statement, asked))
