"""The SQL of an import: everything is done to whole sets, whatever their size."""

from idp.registry.proofs import told
from idp.registry.rows import Row

COLUMNS = ", ".join((*Row._fields, *told.COLUMNS))

# Waiting for another import or working on millions of rows is no fault here.
PATIENCE = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0"
LOCK = "SELECT pg_advisory_xact_lock(8723003)"

# Of an earlier import in the same transaction; each commit drops them anyway.
CLEAR = """
DROP TABLE IF EXISTS pg_temp.staging, pg_temp.differences, pg_temp.transferred_installations,
                     pg_temp.moves, pg_temp.told_facts
"""
CREATE_STAGING = f"""
CREATE TEMPORARY TABLE staging (
    line bigint NOT NULL,
    {", ".join(f"{name} text NOT NULL" for name in Row._fields)},
    {", ".join(f"{name} bytea[]" for name in told.COLUMNS)}
) ON COMMIT DROP
"""
COPY = f"COPY staging (line, {COLUMNS}) FROM STDIN"
ANALYZE = "ANALYZE staging"

# The first line of an installation stands; the others are refused with the line they repeat.
REFUSE_REPEATED = """
DELETE FROM staging USING (
    SELECT line, first_value(line) OVER same AS original
      FROM staging WINDOW same AS (PARTITION BY distributor, code ORDER BY line)
) AS numbered
 WHERE staging.line = numbered.line AND numbered.line <> numbered.original
RETURNING staging.line, numbered.original
"""

# The last line that names a holder has the say.
UPSERT_HOLDERS = """
INSERT INTO holders (tax_id, name, installation_count, version, updated_at)
SELECT new.holder, new.holder_name, 0, 0, %(at)s
  FROM (SELECT DISTINCT ON (holder) holder, holder_name
          FROM staging ORDER BY holder, line DESC) AS new
  LEFT JOIN holders ON holders.tax_id = new.holder
 WHERE holders.name IS DISTINCT FROM new.holder_name
ON CONFLICT (tax_id) DO UPDATE SET name = excluded.name, updated_at = excluded.updated_at
"""

# Rows whose installation is known and differs in anything; `former_holder` before the change.
CREATE_DIFFERENCES = """
CREATE TEMPORARY TABLE differences ON COMMIT DROP AS
SELECT old.id, old.holder_tax_id AS former_holder, new.*
  FROM staging AS new JOIN installations AS old USING (distributor, code)
 WHERE (old.holder_tax_id, old.address, old.city, old.state, old.postal_code, old.segment,
        old.status) IS DISTINCT FROM
       (new.holder, new.address, new.city, new.state, new.postal_code, new.segment, new.status)
"""

CREATE_TRANSFERRED = """
CREATE TEMPORARY TABLE transferred_installations (
    installation_id bigint PRIMARY KEY,
    former_holder text NOT NULL
) ON COMMIT DROP
"""
FILL_TRANSFERRED = """
INSERT INTO transferred_installations
SELECT id, former_holder FROM differences WHERE former_holder <> holder
"""
ANALYZE_TRANSFERRED = "ANALYZE transferred_installations"

# Whoever gives access holds installations by the order of their ids; so does an import, or each
# could wait for the other.
LOCK_INSTALLATIONS = """
SELECT count(*) FROM (
    SELECT FROM installations WHERE id IN (SELECT id FROM differences)
     ORDER BY id FOR NO KEY UPDATE
) AS locked
"""
UPDATE_INSTALLATIONS = """
UPDATE installations
   SET holder_tax_id = new.holder, address = new.address, city = new.city, state = new.state,
       postal_code = new.postal_code, segment = new.segment, status = new.status,
       updated_at = %(at)s
  FROM differences AS new
 WHERE installations.id = new.id
"""

CREATE_MOVES = "CREATE TEMPORARY TABLE moves (holder text, difference int) ON COMMIT DROP"
INSERT_INSTALLATIONS = """
WITH added AS (
    INSERT INTO installations (distributor, code, holder_tax_id, address, city, state,
                               postal_code, segment, status, updated_at)
    SELECT distributor, code, holder, address, city, state, postal_code, segment, status, %(at)s
      FROM staging AS new
     WHERE NOT EXISTS (
        SELECT FROM installations AS old
         WHERE old.distributor = new.distributor AND old.code = new.code
     )
     ORDER BY line
    RETURNING holder_tax_id
)
INSERT INTO moves SELECT holder_tax_id, count(*) FROM added GROUP BY holder_tax_id
"""
ADD_TRANSFERS = """
INSERT INTO moves
SELECT former_holder, -1 FROM differences WHERE former_holder <> holder
UNION ALL
SELECT holder, 1 FROM differences WHERE former_holder <> holder
"""
# Whoever gained one and lost one has as many as before, and another set all the same.
COUNT_HOLDINGS = """
UPDATE holders
   SET installation_count = installation_count + moved.difference,
       version = version + 1, updated_at = %(at)s
  FROM (SELECT holder, sum(difference) AS difference FROM moves GROUP BY holder) AS moved
 WHERE holders.tax_id = moved.holder
"""
COUNT_ADDED = "SELECT coalesce(sum(difference), 0) FROM moves WHERE difference > 0"
ANALYZE_REGISTRY = "ANALYZE holders, installations"

# What was known of a contract proves nothing once the installation is another's.
FORGET_FACTS = """
DELETE FROM contract_facts
 USING transferred_installations AS moved
 WHERE contract_facts.installation_id = moved.installation_id
"""
# NULL: the row doesn't tell, and what was told before stays.
CREATE_TOLD_FACTS = """
CREATE TEMPORARY TABLE told_facts ON COMMIT DROP AS
SELECT old.id AS installation_id, told.kind, told.fingerprints
  FROM staging JOIN installations AS old USING (distributor, code)
 CROSS JOIN LATERAL (
    VALUES ('contract_number', contract_number), ('bank_digits', bank_digits),
           ('invoice_total', invoice_totals)
 ) AS told (kind, fingerprints)
 WHERE num_nonnulls(contract_number, bank_digits, invoice_totals) > 0
   AND told.fingerprints IS NOT NULL
"""
ANALYZE_TOLD_FACTS = "ANALYZE told_facts"
DELETE_FACTS = """
DELETE FROM contract_facts USING told_facts AS told
 WHERE contract_facts.installation_id = told.installation_id AND contract_facts.kind = told.kind
   AND contract_facts.fingerprint <> ALL (told.fingerprints)
"""
INSERT_FACTS = """
INSERT INTO contract_facts (installation_id, kind, fingerprint)
SELECT installation_id, kind, unnest(fingerprints) FROM told_facts
    ON CONFLICT DO NOTHING
"""
