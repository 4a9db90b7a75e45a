"""The SQL of the list of installations; see `grants.directory`."""

from sqlalchemy import BigInteger, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from idp.grants.conditions import COUNT, COVERED, LINKS, OWN
from idp.grants.folding import folded_sql

MATCH = f"AND {folded_sql('i.code', 'i.address', 'i.city', 'i.state', 'h.name')} LIKE ALL(:words)"
ROW = "i.public_id, i.code, i.address, i.city, i.state, i.status"

GROUPS = text(
    f"""
    SELECT 0::bigint AS id, 'owner' AS relation, h.tax_id AS holder, h.name,
           CAST(NULL AS text) AS grant_id, 'full' AS level,
           CAST(NULL AS timestamptz) AS expires_at, h.installation_count AS total
      FROM accounts a JOIN holders h ON h.tax_id = a.tax_id
     WHERE a.id = :account AND {OWN} AND h.installation_count > 0
    UNION ALL
    SELECT g.id, g.relation, h.tax_id, h.name, g.public_id, links.level, links.expires_at, {COUNT}
      FROM grants g
     CROSS JOIN LATERAL (
           SELECT * FROM holders h WHERE h.tax_id = g.holder_tax_id OFFSET 0) AS h
      {LINKS}
     WHERE g.grantee_id = :account AND g.state = 'active' AND links.stand AND {COUNT} > 0
    """  # noqa: S608 - no value is put in, only our own conditions
)

_ARRAYS = [bindparam(name, type_=ARRAY(BigInteger)) for name in ("grants", "skips", "takes")]
_WORDS = bindparam("words", type_=ARRAY(Text))

COUNT_OWN = text(
    f"""
    SELECT count(*) FROM installations i JOIN holders h ON h.tax_id = i.holder_tax_id
     WHERE i.holder_tax_id = :holder {MATCH}
    """  # noqa: S608 - our own conditions
).bindparams(_WORDS)
# OFFSET 0 keeps the lookup of each row a lookup: a grant is small beside the whole table.
FOUND = f"""
    CROSS JOIN LATERAL (
        SELECT FROM installations i JOIN holders h ON h.tax_id = i.holder_tax_id
         WHERE i.id = gi.installation_id {MATCH} OFFSET 0) AS found
"""
# All that stands in the holder's name; the exceptions are looked up only where there are any.
NOT_EXCEPTED = f"g.holder_tax_id = i.holder_tax_id AND (links.excepted = 0 OR {COVERED})"
COUNT_GRANTED = text(
    f"""
    SELECT g.id AS grant_id, found.total FROM grants g {LINKS}
     CROSS JOIN LATERAL (
        SELECT count(*) AS total FROM grant_installations gi {FOUND}
         WHERE g.extent = 'chosen' AND gi.grant_id = g.id AND gi.ended_at IS NULL
        UNION ALL
        SELECT count(*) FROM installations i JOIN holders h ON h.tax_id = i.holder_tax_id
         WHERE g.extent = 'everything' AND {NOT_EXCEPTED} {MATCH}) AS found
     WHERE g.id = ANY(:grants) AND found.total > 0
    """  # noqa: S608 - our own conditions
).bindparams(_ARRAYS[0], _WORDS)


def _own(match: str) -> str:
    """Rows are passed over in the index alone; only those of the page are read."""
    return f"""
    SELECT {ROW} FROM (
        SELECT i.id FROM installations i JOIN holders h ON h.tax_id = i.holder_tax_id
         WHERE i.holder_tax_id = :holder {match}
         ORDER BY i.code, i.id OFFSET :skip LIMIT :take) AS page
      JOIN installations i ON i.id = page.id ORDER BY i.code, i.id
    """  # noqa: S608 - our own conditions


def _granted(found: str, match: str) -> str:
    return f"""
    SELECT part.grant_id, {ROW}
      FROM unnest(:grants, :skips, :takes) AS part(grant_id, skip, take)
     CROSS JOIN LATERAL (SELECT * FROM grants g WHERE g.id = part.grant_id OFFSET 0) AS g
     {LINKS}
     CROSS JOIN LATERAL (
        (SELECT gi.installation_id AS id FROM grant_installations gi {found}
          WHERE g.extent = 'chosen' AND gi.grant_id = g.id AND gi.ended_at IS NULL
          ORDER BY gi.installation_id OFFSET part.skip LIMIT part.take)
        UNION ALL
        (SELECT i.id FROM installations i JOIN holders h ON h.tax_id = i.holder_tax_id
          WHERE g.extent = 'everything' AND {NOT_EXCEPTED} {match}
          ORDER BY i.code, i.id OFFSET part.skip LIMIT part.take)) AS page
      JOIN installations i ON i.id = page.id
     ORDER BY part.grant_id, CASE g.extent WHEN 'everything' THEN i.code END, i.id
    """  # noqa: S608 - our own conditions


OWN_ROWS, OWN_ROWS_FOUND = text(_own("")), text(_own(MATCH)).bindparams(_WORDS)
GRANTED_ROWS = text(_granted("", "")).bindparams(*_ARRAYS)
GRANTED_ROWS_FOUND = text(_granted(FOUND, MATCH)).bindparams(*_ARRAYS, _WORDS)
