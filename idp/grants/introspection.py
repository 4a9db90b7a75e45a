"""What of a token's `authorization_details` still holds: the hot path of introspection.

One statement, prepared once a connection, no ORM objects: `question` gives its one parameter,
`STATEMENT` the SQL and `answer` reads the rows, so that a caller can run it inside a statement or
on a connection of its own. `still_effective` does all three.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from idp.extensions import db
from idp.grants.conditions import COUNT, COVERED, HELD, LINKS, OWN, VERSION
from idp.grants.models import Level

Detail = dict[str, Any]

# OFFSET 0 keeps each lookup a lookup: left to itself, the planner reads all that a holder has,
# which is right for ten installations and ruinous for 100,000.
STATEMENT = text(
    f"""
    WITH asked AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:question AS json))
            AS asked(n int, grant_id text, holder text, relation text, codes text[])
    ), me AS MATERIALIZED (
        SELECT a.id, a.tax_id, {OWN} AS is_owner
          FROM accounts a WHERE a.id = :account AND a.locked_at IS NULL
    )
    SELECT asked.n, 'full' AS level, CAST(NULL AS timestamptz) AS expires_at,
           array(SELECT code FROM unnest(asked.codes) AS code WHERE EXISTS (
               SELECT FROM installations i
                WHERE i.holder_tax_id = asked.holder AND i.code = code.code OFFSET 0)) AS codes,
           0::bigint AS total, 0::bigint AS version
      FROM asked JOIN me ON me.is_owner AND me.tax_id = asked.holder
     WHERE asked.grant_id IS NULL AND asked.relation IS NULL
    UNION ALL
    SELECT asked.n, links.level, links.expires_at,
           array(SELECT code FROM unnest(asked.codes) AS code WHERE EXISTS (
               SELECT FROM installations i
                WHERE i.holder_tax_id = asked.holder AND i.code = code.code
                  AND {COVERED} OFFSET 0)), 0, 0
      FROM asked JOIN me ON true
     CROSS JOIN LATERAL (
           SELECT * FROM grants g
            WHERE g.public_id = asked.grant_id AND asked.relation IS NULL OFFSET 0) AS g
    {LINKS}
     WHERE g.grantee_id = me.id AND g.holder_tax_id = asked.holder AND links.stand
    UNION ALL
    SELECT asked.n, NULL, NULL, NULL, s.total, s.version
      FROM asked JOIN me ON true
     CROSS JOIN LATERAL (
        SELECT h.installation_count AS total, h.version FROM holders h
         WHERE asked.relation = 'owner' AND me.is_owner AND h.tax_id = me.tax_id
           AND (asked.holder IS NULL OR h.tax_id = asked.holder)
        UNION ALL
        SELECT sum({COUNT}) FILTER (WHERE links.stand), sum({VERSION})::bigint
          FROM grants g {HELD} {LINKS}
         WHERE g.grantee_id = me.id AND g.relation = asked.relation
           AND (asked.holder IS NULL OR g.holder_tax_id = asked.holder)
           AND (asked.grant_id IS NULL OR g.public_id = asked.grant_id)) s
     WHERE asked.relation IS NOT NULL AND s.total > 0
    """  # noqa: S608 - no value is put in, only our own conditions
)


def still_effective(
    account_id: int, details: Sequence[Detail], *, at: datetime, connection: Any = None
) -> list[Detail]:
    """Those of `details` (objects as `claims` shapes them) that hold now, as they hold now.

    Installations that are gone, actions that are no longer allowed and whole objects without
    either are left out; end dates, counts and versions are today's. Objects of a type that is not
    ours stay as they are. `connection` may be anything with `execute`; the session by default.
    """
    asked = question(details)
    if asked is None:
        return list(details)
    parameters = {"account": account_id, "question": asked, "at": at}
    rows = (connection or db.session).execute(STATEMENT, parameters)
    return answer(details, rows)


def question(details: Sequence[Detail]) -> str | None:
    """The statement's `question`: what it has to look up, as JSON; None when there is nothing."""
    asked = []
    for number, detail in enumerate(details):
        if detail.get("type") == "installation_access":
            asked.append(
                {
                    "n": number,
                    "grant_id": detail.get("grant_id"),
                    "holder": detail.get("holder"),
                    "codes": detail.get("installations"),
                }
            )
        elif detail.get("type") == "installation_set":
            relation, holder = detail.get("relation"), detail.get("holder")
            of_one = {"grant_id": detail["grant_id"]} if "grant_id" in detail else {}
            asked.append({"n": number, "relation": relation, "holder": holder, **of_one})
    return json.dumps(asked) if asked else None


def answer(details: Sequence[Detail], rows: Iterable[Any]) -> list[Detail]:
    """`details` as the statement's rows leave them."""
    found = {row.n: row for row in rows}
    kept = []
    for number, detail in enumerate(details):
        kind = detail.get("type")
        if kind not in ("installation_access", "installation_set"):
            kept.append(detail)
        elif (row := found.get(number)) is None:
            continue
        elif kind == "installation_set":
            kept.append({**detail, "count": row.total, "version": row.version})
        elif now := _as_it_is_now(detail, row):
            kept.append(now)
    return kept


def _as_it_is_now(detail: Detail, row: Any) -> Detail | None:
    allowed = Level(row.level).actions
    actions = [action for action in detail["actions"] if action in allowed]
    still = set(row.codes)
    codes = [code for code in detail["installations"] if code in still]
    if not actions or not codes:
        return None
    now = {**detail, "actions": actions, "installations": codes}
    now.pop("expires_at", None)
    if row.expires_at is not None:
        now["expires_at"] = int(row.expires_at.timestamp())
    return now
