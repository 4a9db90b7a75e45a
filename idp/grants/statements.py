"""The SQL of effective access. One statement a question, prepared once for each connection.

Each has two halves, own installations and grants, that give the same columns. `version` is the
holder's for own installations; for grants it is the sum over all that the person ever received in
that relation, since a sum over those that still stand could come to the same for another set.
"""

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

OWN = "a.locked_at IS NULL AND a.assurance IN ('proven', 'verified')"
GOOD = """
    g.state = 'active' AND (g.expires_at IS NULL OR g.expires_at > :at)
    AND granter.locked_at IS NULL AND grantee.locked_at IS NULL
"""

# At most :limit rows are read for the holder and each grant, each by an index. A subquery in the
# SELECT list leaves the planner no other way than to look up those few, one by one.
ALL = text(
    f"""
    WITH received AS MATERIALIZED (
        SELECT g.*, sum(g.version) OVER (PARTITION BY g.relation)::bigint AS relation_version
          FROM grants g WHERE g.grantee_id = :account
    )
    SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder, 'full' AS level,
           CAST(NULL AS text) AS grant_id, CAST(NULL AS timestamptz) AS expires_at,
           h.installation_count AS total, h.version, c.codes,
           cardinality(c.codes) = :limit AS is_cut
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
     CROSS JOIN LATERAL (SELECT array(
               SELECT i.code FROM installations i WHERE i.holder_tax_id = h.tax_id
                ORDER BY i.code, i.id LIMIT :limit) AS codes) c
     WHERE a.id = :account AND a.tax_id = :tax_id AND {OWN} AND cardinality(c.codes) > 0
       AND (CAST(:holder AS text) IS NULL OR h.tax_id = :holder)
    UNION ALL
    SELECT g.id, g.relation, g.holder_tax_id, g.level, g.public_id, g.expires_at,
           g.installation_count, g.relation_version, c.codes, c.rows_read = :limit
      FROM received g
      JOIN accounts granter ON granter.id = g.granted_by_id
      JOIN accounts grantee ON grantee.id = g.grantee_id
     CROSS JOIN LATERAL (
        SELECT array_agg(first.code) FILTER (WHERE first.code IS NOT NULL) AS codes,
               count(*) AS rows_read
          FROM (SELECT (SELECT i.code FROM installations i
                         WHERE i.id = gi.installation_id
                           AND i.holder_tax_id = g.holder_tax_id) AS code
                  FROM grant_installations gi
                 WHERE gi.grant_id = g.id AND gi.ended_at IS NULL
                 ORDER BY gi.installation_id LIMIT :limit) AS first) c
     WHERE {GOOD} AND cardinality(c.codes) > 0
       AND (CAST(:holder AS text) IS NULL OR g.holder_tax_id = :holder)
     ORDER BY 1
    """  # noqa: S608 - no value is put in, only our own conditions
)


OWN_CHOSEN = f"""
    SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder, 'full' AS level,
           CAST(NULL AS text) AS grant_id, CAST(NULL AS timestamptz) AS expires_at,
           0 AS total, h.version, array_agg(DISTINCT i.code) AS codes, false AS is_cut
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
      JOIN installations i ON i.holder_tax_id = h.tax_id
     WHERE a.id = :account AND {OWN}
"""  # noqa: S608 - no value is put in, only our own conditions
GRANTED_CHOSEN = """
    SELECT g.id, g.relation, g.holder_tax_id, g.level, g.public_id, g.expires_at,
           0, g.version, array_agg(DISTINCT i.code), false
"""
PARTIES = f"""
      JOIN accounts granter ON granter.id = g.granted_by_id
      JOIN accounts grantee ON grantee.id = g.grantee_id
     WHERE g.grantee_id = :account AND {GOOD}
"""
IN_HOLDER = "(CAST(:holder AS text) IS NULL OR i.holder_tax_id = :holder)"

# Each code is looked up by itself (OFFSET 0): else the planner may read all of a large grant.
BY_CODES = text(
    f"""
    {OWN_CHOSEN} AND a.tax_id = :tax_id AND i.code = ANY(:codes) AND {IN_HOLDER}
     GROUP BY h.tax_id
    UNION ALL
    {GRANTED_CHOSEN}
      FROM unnest(:codes) AS asked(code)
     CROSS JOIN LATERAL (
           SELECT i.* FROM installations i
            WHERE i.code = asked.code AND {IN_HOLDER} OFFSET 0) AS i
     CROSS JOIN LATERAL (
           SELECT gi.* FROM grant_installations gi
            WHERE gi.installation_id = i.id AND gi.ended_at IS NULL OFFSET 0) AS gi
      JOIN grants g ON g.id = gi.grant_id AND g.holder_tax_id = i.holder_tax_id
    {PARTIES}
     GROUP BY g.id
     ORDER BY 1
    """  # noqa: S608 - no value is put in, only our own conditions
).bindparams(bindparam("codes", type_=ARRAY(Text)))
BY_INSTALLATION = text(
    f"""
    {OWN_CHOSEN} AND i.id = :installation GROUP BY h.tax_id
    UNION ALL
    {GRANTED_CHOSEN}
      FROM installations i
      JOIN grant_installations gi ON gi.installation_id = i.id AND gi.ended_at IS NULL
      JOIN grants g ON g.id = gi.grant_id AND g.holder_tax_id = i.holder_tax_id
    {PARTIES} AND i.id = :installation
     GROUP BY g.id
     ORDER BY 1
    """
)
