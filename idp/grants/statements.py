"""The SQL of effective access. One statement a question, prepared once for each connection.

Each has two halves, own installations and grants, that give the same columns. OFFSET 0 keeps each
lookup a lookup: left to itself, the planner reads all that a holder has, which is right for ten
installations and ruinous for 100,000.
"""

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

OWN = "a.locked_at IS NULL AND a.assurance IN ('proven', 'verified')"

# What all links of the grant `g`, from the holder down, allow together. `stand` is false as soon
# as one of them has ended, its date has come, or one of its parties is locked.
LINKS = """
    CROSS JOIN LATERAL (
        SELECT bool_and(link.state = 'active'
                        AND (link.expires_at IS NULL OR link.expires_at > :at)
                        AND grantee.locked_at IS NULL AND granter.locked_at IS NULL) AS stand,
               CASE WHEN bool_and(link.level = 'full') THEN 'full' ELSE 'read_only' END AS level,
               min(link.expires_at) AS expires_at,
               array_agg(link.public_id ORDER BY cardinality(link.ancestors)) AS public_ids,
               sum(link.version)::bigint AS version, sum(link.excepted_count) AS excepted
          FROM grants link
          JOIN accounts grantee ON grantee.id = link.grantee_id
          LEFT JOIN accounts granter ON granter.id = link.granted_by_id
         WHERE link.id = ANY(g.ancestors || g.id)) AS links
"""
# Whether every one of them covers the installation `i`: a chosen extent by a row that has not
# ended, everything unless a row says that this one has.


def _covered(links: str) -> str:
    return f"""
    i.holder_tax_id = g.holder_tax_id AND NOT EXISTS (
        SELECT FROM grants link
          LEFT JOIN grant_installations gi ON gi.grant_id = link.id AND gi.installation_id = i.id
         WHERE link.id = ANY({links})
           AND (gi.grant_id IS NULL OR gi.ended_at IS NOT NULL)
           AND (link.extent = 'chosen' OR gi.grant_id IS NOT NULL) OFFSET 0)
    """


COVERED = _covered("g.ancestors || g.id")
COVERED_ABOVE = _covered("g.ancestors")  # where a row of `g` itself was found already
# How many installations the grant `g` of the holder `h` covers, from counters.
COUNT = """
    CASE g.extent WHEN 'chosen' THEN g.installation_count
                  ELSE greatest(h.installation_count - links.excepted, 0) END::int
"""

# Of each grant at most :limit installations are read, and none at all once those before it fill
# the limit; of the grants themselves at most :limit.
ALL = text(
    f"""
    WITH received AS MATERIALIZED (
        SELECT g.id, g.relation, g.holder_tax_id, g.public_id, g.extent, g.ancestors,
               links.level, links.expires_at, links.public_ids, links.version,
               {COUNT} AS total
          FROM (SELECT * FROM grants g
                 WHERE g.grantee_id = :account AND g.state = 'active'
                   AND (CAST(:holder AS text) IS NULL OR g.holder_tax_id = :holder)
                 ORDER BY g.id) AS g
          JOIN holders h ON h.tax_id = g.holder_tax_id
          {LINKS}
         WHERE links.stand AND {COUNT} > 0 LIMIT :limit
    ), ordered AS (
        SELECT *, sum(total) OVER (ORDER BY id) - total AS before FROM received
    )
    SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder, 'full' AS level,
           CAST(NULL AS text) AS grant_id, CAST(NULL AS text[]) AS links,
           CAST(NULL AS timestamptz) AS expires_at, h.installation_count AS total, h.version,
           c.codes, cardinality(c.codes) = :limit AS is_cut
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
     CROSS JOIN LATERAL (SELECT array(
               SELECT i.code FROM installations i WHERE i.holder_tax_id = h.tax_id
                ORDER BY i.code, i.id LIMIT :limit) AS codes) c
     WHERE a.id = :account AND a.tax_id = :tax_id AND {OWN} AND cardinality(c.codes) > 0
       AND (CAST(:holder AS text) IS NULL OR h.tax_id = :holder)
    UNION ALL
    SELECT g.id, g.relation, g.holder_tax_id, g.level, g.public_id, g.public_ids, g.expires_at,
           g.total, g.version, coalesce(c.codes, '{{}}'), coalesce(c.is_cut, true)
      FROM ordered g
      LEFT JOIN LATERAL (
        SELECT array_agg(read.code) FILTER (WHERE read.code IS NOT NULL) AS codes,
               count(*) = :limit AS is_cut
          FROM (SELECT (SELECT i.code FROM installations i
                         WHERE i.id = gi.installation_id AND {COVERED_ABOVE}) AS code
                  FROM grant_installations gi
                 WHERE gi.grant_id = g.id AND gi.ended_at IS NULL
                 ORDER BY gi.installation_id LIMIT :limit) AS read
         WHERE g.extent = 'chosen' AND g.before < :limit
        UNION ALL
        SELECT array_agg(read.code), count(*) = :limit
          FROM (SELECT i.code FROM installations i
                 WHERE i.holder_tax_id = g.holder_tax_id AND {COVERED}
                 ORDER BY i.code, i.id LIMIT :limit) AS read
         WHERE g.extent = 'everything' AND g.before < :limit) c ON c.codes IS NOT NULL
     WHERE g.before >= :limit OR c.codes IS NOT NULL
     ORDER BY 1
    """  # noqa: S608 - no value is put in, only our own conditions
)

# How much there is in each relation, from counters, for people with more than a token can name.
# `version` counts what ever was received: a sum over what still stands could come to the same for
# another set.
TOTALS = text(
    f"""
    SELECT 'owner' AS relation, h.installation_count AS total, h.version
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
     WHERE a.id = :account AND {OWN} AND h.installation_count > 0
       AND (CAST(:holder AS text) IS NULL OR h.tax_id = :holder)
    UNION ALL
    SELECT g.relation,
           sum({COUNT}) FILTER (
               WHERE links.stand AND (NOT :writing OR links.level = 'full'))::bigint,
           sum(links.version)::bigint
      FROM grants g JOIN holders h ON h.tax_id = g.holder_tax_id {LINKS}
     WHERE g.grantee_id = :account
       AND (CAST(:holder AS text) IS NULL OR g.holder_tax_id = :holder)
     GROUP BY g.relation
    """  # noqa: S608 - no value is put in, only our own conditions
)

OWN_CHOSEN = f"""
    SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder, 'full' AS level,
           CAST(NULL AS text) AS grant_id, CAST(NULL AS text[]) AS links,
           CAST(NULL AS timestamptz) AS expires_at, 0 AS total, h.version,
           array_agg(DISTINCT i.code) AS codes, false AS is_cut
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
      JOIN installations i ON i.holder_tax_id = h.tax_id
     WHERE a.id = :account AND {OWN}
"""  # noqa: S608 - no value is put in, only our own conditions
GRANTED_CHOSEN = """
    SELECT g.id, g.relation, g.holder_tax_id, links.level, g.public_id, links.public_ids,
           links.expires_at, 0, links.version, array_agg(DISTINCT i.code), false
"""
# The grants that the account has from the holder of `i`: few, however many that holder gave.
BETWEEN = """
    CROSS JOIN LATERAL (
          SELECT * FROM grants g
           WHERE g.grantee_id::text || ' ' || g.holder_tax_id
                 = CAST(:account AS bigint)::text || ' ' || i.holder_tax_id
             AND g.state = 'active' OFFSET 0) AS g
"""
GROUPED = """
    GROUP BY g.id, g.relation, g.holder_tax_id, links.level, g.public_id, links.public_ids,
             links.expires_at, links.version
    ORDER BY 1
"""
IN_HOLDER = "(CAST(:holder AS text) IS NULL OR i.holder_tax_id = :holder)"

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
    {BETWEEN} {LINKS}
     WHERE links.stand AND {COVERED}
    {GROUPED}
    """  # noqa: S608 - no value is put in, only our own conditions
).bindparams(bindparam("codes", type_=ARRAY(Text)))
BY_INSTALLATION = text(
    f"""
    {OWN_CHOSEN} AND i.id = :installation GROUP BY h.tax_id
    UNION ALL
    {GRANTED_CHOSEN}
      FROM (SELECT * FROM installations i WHERE i.id = :installation OFFSET 0) AS i
    {BETWEEN} {LINKS}
     WHERE links.stand AND {COVERED}
    {GROUPED}
    """  # noqa: S608 - no value is put in, only our own conditions
)
