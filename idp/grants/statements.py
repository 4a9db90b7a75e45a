"""The SQL of effective access. One statement a question, prepared once for each connection.

Each has two halves, own installations and grants, that give the same columns. OFFSET 0 keeps each
lookup a lookup: left to itself, the planner reads all that a holder has, which is right for ten
installations and ruinous for 100,000.
"""

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from idp.grants.conditions import COUNT, COVERED, HELD, LINKS, OWN, VERSION, codes_of

# At most :limit grants are read; installations only where all of them are fewer, by their counters.
ALL = text(
    f"""
    WITH reasons AS MATERIALIZED (
        SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder_tax_id, 'full' AS level,
               CAST(NULL AS text) AS public_id, CAST(NULL AS text[]) AS links,
               CAST(NULL AS timestamptz) AS expires_at, h.installation_count AS total,
               'everything' AS extent, CAST(NULL AS bigint[]) AS ancestors, 0 AS excepted
          FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
         WHERE a.id = :account AND a.tax_id = :tax_id AND {OWN} AND h.installation_count > 0
           AND (CAST(:holder AS text) IS NULL OR h.tax_id = :holder)
        UNION ALL
        (SELECT g.id, g.relation, g.holder_tax_id, links.level, g.public_id, links.public_ids,
                links.expires_at, {COUNT}, g.extent, g.ancestors, links.excepted
           FROM (SELECT * FROM grants g
                  WHERE g.grantee_id = :account AND g.state = 'active'
                    AND (CAST(:holder AS text) IS NULL OR g.holder_tax_id = :holder)
                  ORDER BY g.id) AS g
           {HELD} {LINKS}
          WHERE links.stand AND {COUNT} > 0 AND (NOT :writing OR links.level = 'full')
          LIMIT :limit)
    ), counted AS (
        SELECT *, sum(total) OVER () AS in_all, sum(total) OVER (ORDER BY id) - total AS before
          FROM reasons
    )
    SELECT g.id, g.relation, g.holder_tax_id AS holder, g.level, g.public_id AS grant_id, g.links,
           g.expires_at, named.codes,
           CASE WHEN cardinality(named.codes) < :limit THEN cardinality(named.codes)
                ELSE greatest(g.total, cardinality(named.codes)) END AS total
      FROM counted g
      LEFT JOIN LATERAL (SELECT {codes_of("g.excepted")} AS codes
         WHERE g.in_all < :limit OFFSET 0) AS named ON true
     WHERE g.before < :limit AND cardinality(named.codes) IS DISTINCT FROM 0
     ORDER BY g.id
    """  # noqa: S608 - no value is put in, only our own conditions
)

# How much there is in each relation, for people with more than a token can name. `version` counts
# what ever was received: a sum over what still stands could come to the same for another set.
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
           sum({VERSION})::bigint
      FROM grants g {HELD} {LINKS}
     WHERE g.grantee_id = :account
       AND (CAST(:holder AS text) IS NULL OR g.holder_tax_id = :holder)
     GROUP BY g.relation
    """  # noqa: S608 - no value is put in, only our own conditions
)

OWN_CHOSEN = f"""
    SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder, 'full' AS level,
           CAST(NULL AS text) AS grant_id, CAST(NULL AS text[]) AS links,
           CAST(NULL AS timestamptz) AS expires_at, count(DISTINCT i.code) AS total,
           array_agg(DISTINCT i.code) AS codes
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
      JOIN installations i ON i.holder_tax_id = h.tax_id
     WHERE a.id = :account AND {OWN}
"""  # noqa: S608 - no value is put in, only our own conditions
GRANTED_CHOSEN = """
    SELECT g.id, g.relation, g.holder_tax_id, links.level, g.public_id, links.public_ids,
           links.expires_at, count(DISTINCT i.code), array_agg(DISTINCT i.code)
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
             links.expires_at
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
