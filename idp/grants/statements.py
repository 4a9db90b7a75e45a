"""The SQL of effective access. One statement a question, prepared once for each connection.

Each has two halves, own installations and grants, that give the same columns. OFFSET 0 keeps each
lookup a lookup: left to itself, the planner reads all that a holder has, which is right for ten
installations and ruinous for 100,000.
"""

from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

OWN = "a.locked_at IS NULL AND a.assurance IN ('proven', 'verified')"


def _stands(link: str) -> str:
    """It has not ended, and its giver isn't locked: few are, and an index knows them."""
    return f"""
    {link}.state = 'active' AND ({link}.expires_at IS NULL OR {link}.expires_at > :at)
    AND NOT EXISTS (SELECT FROM accounts party
                     WHERE party.id = {link}.granted_by_id AND party.locked_at IS NOT NULL)
    """


def _version(link: str) -> str:
    """It rises when an end date comes, not when that is recorded."""
    is_due = f"{link}.state = 'active' AND coalesce({link}.expires_at <= :at, false)"
    return f"({link}.version + ({is_due})::int)"


# What all links of the grant `g`, from the holder down, allow together. `stand` is false as soon
# as one of them has ended, its date has come, or one of its parties is locked: the grantee of each
# link is the giver of the next. Most grants have nothing above, and answer by themselves.
LINKS = f"""
    CROSS JOIN LATERAL (
        SELECT bool_and({_stands("link")}) AS stand, bool_and(link.level = 'full') AS is_full,
               min(link.expires_at) AS expires_at,
               array_agg(link.public_id ORDER BY cardinality(link.ancestors)) AS public_ids,
               sum({_version("link")})::bigint AS version,
               sum(link.excepted_count)::int AS excepted
          FROM grants link
         WHERE g.parent_id IS NOT NULL AND link.id = ANY(g.ancestors)) AS above
    CROSS JOIN LATERAL (
        SELECT {_stands("g")} AND coalesce(above.stand, true)
               AND NOT EXISTS (SELECT FROM accounts party
                                WHERE party.id = g.grantee_id AND party.locked_at IS NOT NULL)
               AS stand,
               CASE WHEN coalesce(above.is_full, true) THEN g.level ELSE 'read_only' END AS level,
               least(g.expires_at, above.expires_at) AS expires_at,
               above.public_ids || g.public_id AS public_ids,
               {_version("g")} + coalesce(above.version, 0) AS version,
               g.excepted_count + coalesce(above.excepted, 0) AS excepted) AS links
"""  # noqa: S608 - likewise


def _covered(links: str) -> str:
    """Each covers the installation `i`: chosen by a live row, everything unless one has ended."""
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
# What `g` covers, by counters, and what rises with every change: `h` matters to everything alone.
HELD = """
    LEFT JOIN LATERAL (
        SELECT h.installation_count, h.version FROM holders h
         WHERE g.extent = 'everything' AND h.tax_id = g.holder_tax_id OFFSET 0) AS h ON true
"""
COUNT = """
    CASE g.extent WHEN 'chosen' THEN g.installation_count
                  ELSE greatest(h.installation_count - links.excepted, 0) END::int
"""
VERSION = "(links.version + CASE g.extent WHEN 'everything' THEN h.version ELSE 0 END)"


def codes_of(excepted: str) -> str:
    """The first :limit codes of grant `g`; `excepted` is how many are left out of everything."""
    return f"""
           CASE g.extent WHEN 'chosen' THEN array(
               SELECT i.code FROM grant_installations gi
                CROSS JOIN LATERAL (
                      SELECT i.code FROM installations i
                       WHERE i.id = gi.installation_id AND {COVERED_ABOVE} OFFSET 0) AS i
                WHERE gi.grant_id = g.id AND gi.ended_at IS NULL
                ORDER BY gi.installation_id LIMIT :limit)
           ELSE array(
               SELECT i.code FROM installations i
                WHERE i.holder_tax_id = g.holder_tax_id AND ({excepted} = 0 OR {COVERED})
                ORDER BY i.code, i.id LIMIT :limit) END
    """  # noqa: S608 - no value is put in, only our own conditions


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
