"""Record what was done with a grant, as applications tell it; two statements, no ORM objects.

A use that the grant did not allow is recorded too, and says so: the holder wants to know.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, text

from idp.extensions import db
from idp.grants.errors import ReferenceReused
from idp.grants.use_rules import CLOCK_SKEW, Period, Use


@dataclass(frozen=True, slots=True)
class Reporter:
    """The application that tells."""

    client_id: str
    client_name: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the reporter gets back, in the order of the report."""

    uses: list[Any]  # rows with the columns of `grant_uses`
    is_new: bool  # False: all of it was recorded before


# What every link from the holder down allowed at the moment of the use, as far as the present rows
# tell: ends and withdrawn installations are kept with their time, a former level is not.
ALLOWED = """
    link.created_at <= told.at + CAST(:skew AS interval)
    AND (link.ended_at IS NULL OR told.at < link.ended_at)
    AND (link.expires_at IS NULL OR told.at < link.expires_at)
    AND (told.action = 'read' OR link.level = 'full')
    AND NOT EXISTS (SELECT FROM accounts a WHERE a.id IN (link.grantee_id, link.granted_by_id)
                       AND a.locked_at <= told.at)
    AND (told.code = '' OR CASE link.extent
         WHEN 'chosen' THEN EXISTS (
              SELECT FROM grant_installations gi
               WHERE gi.grant_id = link.id AND gi.installation_id = place.id
                 AND (gi.ended_at > told.at OR gi.ended_at IS NULL AND place.is_held))
         ELSE place.is_held AND NOT EXISTS (
              SELECT FROM grant_installations gi
               WHERE gi.grant_id = link.id AND gi.installation_id = place.id
                 AND gi.ended_at <= told.at) END)
"""
# A code means an installation that the holder has, or that the grant named before it changed hands;
# where it could mean several, none. References go in by their order, so that two reports of the
# same ones wait for each other instead of for ever.
RECORD = text(
    f"""
    WITH told AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:uses AS json)) AS told(
            reference text, at timestamptz, action text, description text, code text,
            distributor text)
    ), judged AS (
        SELECT told.*, g.id AS grant_id, g.holder_tax_id, place.id AS installation_id,
               (SELECT coalesce(bool_and({ALLOWED}), false) FROM grants link
                 WHERE link.id = ANY(g.ancestors || g.id)) AS was_allowed
          FROM told CROSS JOIN (SELECT * FROM grants WHERE id = :grant) AS g
          LEFT JOIN LATERAL (
               SELECT min(i.id) AS id, bool_and(i.holder_tax_id = g.holder_tax_id) AS is_held
                 FROM installations i
                WHERE i.code = told.code
                  AND (told.distributor = '' OR i.distributor = told.distributor)
                  AND (i.holder_tax_id = g.holder_tax_id OR EXISTS (
                       SELECT FROM grant_installations gi
                        WHERE gi.grant_id = g.id AND gi.installation_id = i.id))
               HAVING count(*) = 1 OFFSET 0) AS place ON true
    )
    INSERT INTO grant_uses (grant_id, holder_tax_id, installation_id, installation_code,
                            distributor, client_id, client_name, reference, action, description,
                            was_allowed, at, reported_at)
    SELECT grant_id, holder_tax_id, installation_id, code, distributor, :client_id, :client_name,
           reference, action, description, coalesce(was_allowed, false), at, :reported_at
      FROM judged ORDER BY reference
    ON CONFLICT (client_id, reference) DO NOTHING
    RETURNING id
    """  # noqa: S608 - no value is put in, only our own conditions
)
RECORDED = text(
    "SELECT * FROM grant_uses WHERE client_id = :client_id AND reference = ANY(:references)"
).bindparams(bindparam("references", type_=ARRAY(Text)))


def record(
    grant: int, period: Period, uses: Sequence[Use], *, by: Reporter, at: datetime
) -> Recorded:
    """Record these uses of the grant with this key, those aside that were recorded before.

    All or none: raises `ReferenceReused` where another use has the reference, and what
    `Period.check` raises, with the index of the use.
    """
    period.check(uses, at)
    told = [_as_json(use) for use in uses]
    values = {
        "grant": grant,
        "uses": json.dumps(told),
        "client_id": by.client_id,
        "client_name": by.client_name,
        "skew": CLOCK_SKEW,
        "reported_at": at,
    }
    added = len(db.session.execute(RECORD, values).all())
    asked = {"client_id": by.client_id, "references": [use.reference for use in uses]}
    rows = {row.reference: row for row in db.session.execute(RECORDED, asked)}
    for index, use in enumerate(uses):
        if not _is_same(use, grant, rows[use.reference]):
            raise ReferenceReused(index)
    return Recorded([rows[use.reference] for use in uses], is_new=added > 0)


def _as_json(use: Use) -> dict[str, str]:
    return {
        "reference": use.reference,
        "at": use.at.isoformat(),
        "action": use.action.value,
        "description": use.description,
        "code": use.installation,
        "distributor": use.distributor,
    }


def _is_same(use: Use, grant: int, row: Any) -> bool:
    known = (row.grant_id, row.at, row.action, row.description, row.installation_code)
    told = (grant, use.at, use.action, use.description, use.installation)
    return known == told and bool(row.distributor == use.distributor)
