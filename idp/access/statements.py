"""The SQL of decisions and searches: prepared once a connection, no ORM objects.

Effective access is worked out as `grants.statements` does, on the same conditions. OFFSET 0 keeps
each lookup a lookup: left to itself, the planner reads all that a holder has.
"""

from sqlalchemy import text

from idp.grants.conditions import COVERED, LINKS, OWN

# The grants that the grantee has from the holder of `i`: few, however many that holder gave.
RECEIVED = """
    (SELECT * FROM grants g
      WHERE g.grantee_id::text || ' ' || g.holder_tax_id
            = grantee.id::text || ' ' || i.holder_tax_id
        AND g.state = 'active' OFFSET 0) AS g
"""


def _installations(asked: str) -> str:
    """Those with the code that was asked for; several when distributors share it."""
    return f"""
    SELECT i.id, i.holder_tax_id, count(*) OVER () AS total
      FROM installations i
     WHERE i.code = {asked}code
       AND (CAST({asked}distributor AS text) IS NULL OR i.distributor = {asked}distributor)
       AND (CAST({asked}holder AS text) IS NULL OR i.holder_tax_id = {asked}holder) OFFSET 0
    """  # noqa: S608 - no value is put in, only our own conditions


# Any number of questions at once: a row for each reason for which each subject has some access.
STANDINGS = text(
    f"""
    WITH asked AS MATERIALIZED (
        SELECT * FROM json_to_recordset(CAST(:question AS json))
            AS asked(n int, subject text, code text, distributor text, holder text)
    )
    SELECT asked.n, i.total, standing.relation, standing.level, standing.grant_id,
           standing.links, standing.expires_at
      FROM asked
     CROSS JOIN LATERAL (
           SELECT a.id, a.tax_id, a.locked_at, {OWN} AS is_owner
             FROM accounts a WHERE a.tax_id = asked.subject OFFSET 0) AS grantee
     CROSS JOIN LATERAL ({_installations("asked.")}) AS i
     CROSS JOIN LATERAL (
           SELECT 0::bigint AS id, 'owner' AS relation, 'full' AS level,
                  CAST(NULL AS text) AS grant_id, CAST(NULL AS text[]) AS links,
                  CAST(NULL AS timestamptz) AS expires_at
            WHERE grantee.is_owner AND grantee.tax_id = i.holder_tax_id
           UNION ALL
           SELECT g.id, g.relation, links.level, g.public_id, links.public_ids, links.expires_at
             FROM {RECEIVED} {LINKS}
            WHERE grantee.locked_at IS NULL AND links.stand AND {COVERED}) AS standing
     ORDER BY asked.n, standing.id
    """  # noqa: S608 - no value is put in, only our own conditions
)

# Own installations by code, then grant by grant in order of age, from (:grant, :code, :after) on;
# chosen installations in the order of their ids, everything in the order of codes. The walk takes
# one grant at each step and stops at :take rows, however many stand behind them and however few of
# them are shown: those that changed hands, are excepted, stand at another distributor or came under
# an earlier grant are passed over.
SERVES = "(:action = 'read' OR links.level = 'full')"
IS_FIRST = "g.id = CAST(:grant AS bigint)"
RESOURCES = text(
    f"""
    WITH RECURSIVE grantee AS MATERIALIZED (
        SELECT a.id, a.tax_id, a.locked_at, {OWN} AS is_owner
          FROM accounts a WHERE a.tax_id = :subject AND a.locked_at IS NULL
    ), own AS MATERIALIZED (
        SELECT i.id
          FROM grantee
         CROSS JOIN LATERAL (
               SELECT i.id, i.code FROM installations i
                WHERE i.holder_tax_id = grantee.tax_id
                  AND (i.code, i.id) > (:code, CAST(:after AS bigint))
                ORDER BY i.code, i.id LIMIT :take) AS i
         WHERE grantee.is_owner AND CAST(:grant AS bigint) = 0
           AND (CAST(:holder AS text) IS NULL OR grantee.tax_id = :holder)
    ), walk AS (
        SELECT CAST(:grant AS bigint) - 1 AS grant_id, CAST('{{}}' AS bigint[]) AS ids,
               (SELECT count(*) FROM own) AS taken
        UNION ALL
        SELECT g.id, read.ids, walk.taken + cardinality(read.ids)
          FROM walk CROSS JOIN grantee
         CROSS JOIN LATERAL (
               SELECT g.* FROM grants g {LINKS}
                WHERE g.grantee_id = grantee.id AND g.id > walk.grant_id AND g.state = 'active'
                  AND links.stand AND {SERVES}
                  AND (CAST(:holder AS text) IS NULL OR g.holder_tax_id = :holder)
                ORDER BY g.id LIMIT 1) AS g
         CROSS JOIN LATERAL (SELECT CASE g.extent WHEN 'chosen' THEN array(
               SELECT gi.installation_id FROM grant_installations gi
                WHERE gi.grant_id = g.id AND gi.ended_at IS NULL
                  AND gi.installation_id > CASE WHEN {IS_FIRST}
                                                THEN CAST(:after AS bigint) ELSE 0 END
                ORDER BY gi.installation_id LIMIT :take - walk.taken)
            ELSE array(
               SELECT i.id FROM installations i
                WHERE i.holder_tax_id = g.holder_tax_id
                  AND (i.code, i.id) > (CASE WHEN {IS_FIRST} THEN :code ELSE '' END,
                                        CASE WHEN {IS_FIRST} THEN CAST(:after AS bigint)
                                             ELSE 0 END)
                ORDER BY i.code, i.id LIMIT :take - walk.taken) END AS ids OFFSET 0) AS read
         WHERE walk.taken < :take
    ), place AS (
        SELECT 0::bigint AS grant_id, id FROM own
        UNION ALL
        SELECT walk.grant_id, read.id FROM walk CROSS JOIN LATERAL unnest(ids) AS read(id)
    )
    SELECT place.grant_id, i.id, i.code, i.distributor, i.holder_tax_id AS holder,
           (CAST(:distributor AS text) IS NULL OR i.distributor = :distributor)
           AND (place.grant_id = 0 OR NOT (grantee.is_owner AND i.holder_tax_id = grantee.tax_id)
                AND (SELECT min(g.id) FROM {RECEIVED} {LINKS}
                      WHERE {SERVES} AND links.stand AND {COVERED}) = place.grant_id)
           AS is_shown
      FROM place CROSS JOIN grantee
     CROSS JOIN LATERAL (SELECT * FROM installations i WHERE i.id = place.id OFFSET 0) AS i
      LEFT JOIN LATERAL (
           SELECT g.extent FROM grants g WHERE g.id = place.grant_id OFFSET 0) AS g ON true
     ORDER BY place.grant_id,
              CASE WHEN g.extent = 'chosen' THEN NULL ELSE i.code END, i.id
    """  # noqa: S608 - no value is put in, only our own conditions
)

# Everybody who may act on one installation; nobody while the code can mean several.
SUBJECTS = text(
    f"""
    WITH i AS MATERIALIZED (SELECT * FROM ({_installations(":")}) AS i WHERE i.total = 1)
    SELECT id, tax_id FROM (
        SELECT a.id, a.tax_id FROM i
         CROSS JOIN LATERAL (
               SELECT a.id, a.tax_id FROM accounts a
                WHERE a.tax_id = i.holder_tax_id AND {OWN} OFFSET 0) AS a
        UNION
        SELECT subject.id, subject.tax_id FROM i
         CROSS JOIN LATERAL (
               SELECT g.* FROM grant_installations gi JOIN grants g ON g.id = gi.grant_id
                WHERE gi.installation_id = i.id AND gi.ended_at IS NULL
                  AND g.extent = 'chosen' AND g.state = 'active'
               UNION ALL
               SELECT g.* FROM grants g
                WHERE g.holder_tax_id = i.holder_tax_id
                  AND g.extent = 'everything' AND g.state = 'active' OFFSET 0) AS g
         {LINKS}
         CROSS JOIN LATERAL (
               SELECT * FROM accounts a WHERE a.id = g.grantee_id OFFSET 0) AS subject
         WHERE links.stand AND {SERVES} AND {COVERED}) AS found
     WHERE id > CAST(:after AS bigint) ORDER BY id LIMIT :take
    """  # noqa: S608 - no value is put in, only our own conditions
)
