"""The SQL that compares a whole list with the registry at once.

Only installations of the holder are looked at: what others have takes no part, not even in time.
"""

CREATE_STAGING = """
CREATE TEMPORARY TABLE uploaded (
    line int NOT NULL,
    code text NOT NULL,
    distributor text NOT NULL,
    is_changed boolean NOT NULL
) ON COMMIT DROP
"""
# Of another upload in the same transaction; each commit drops it anyway.
CLEAR = "DROP TABLE IF EXISTS pg_temp.uploaded"
COPY = "COPY uploaded (line, code, distributor, is_changed) FROM STDIN"
ANALYZE = "ANALYZE uploaded"

# A line means the installation whose code it has; only when there is none, one that differs in
# capitals. `alike` tells how many there are of the better kind.
INSERT_LINES = """
INSERT INTO installation_upload_lines
       (upload_id, line, code, finding, installation_id, first_line)
WITH own AS MATERIALIZED (
    SELECT id, code, upper(code) AS folded, upper(distributor) AS distributor, status, segment
      FROM installations WHERE holder_tax_id = %(holder)s
), matched AS (
    SELECT DISTINCT ON (line) line, uploaded.code, is_changed, id, status, segment,
           count(id) OVER (PARTITION BY line, own.code = uploaded.code) AS alike
      FROM uploaded LEFT JOIN own
        ON own.folded = upper(uploaded.code)
       AND (uploaded.distributor = '' OR own.distributor = upper(uploaded.distributor))
     ORDER BY line, own.code = uploaded.code DESC, id
), numbered AS (
    SELECT *, min(line) OVER (PARTITION BY id) AS first_line FROM matched
), padded AS (
    SELECT ltrim(code, '0') AS digits, min(id) AS id
      FROM own WHERE code ~ '^0[0-9]*$' GROUP BY 1
), found AS (
    SELECT line, code, padded.id AS padded_id, numbered.id, alike, first_line,
           CASE WHEN numbered.id IS NOT NULL AND alike > 1 THEN 'several'
                WHEN numbered.id IS NOT NULL AND line > first_line THEN 'repeated'
                WHEN status <> 'active' THEN 'inactive'
                WHEN segment <> %(segment)s THEN 'other_segment'
                WHEN numbered.id IS NOT NULL THEN 'fine'
                WHEN padded.id IS NOT NULL THEN 'zeros_lost'
                WHEN is_changed THEN 'changed'
                ELSE 'not_found' END AS finding
      FROM numbered LEFT JOIN padded ON numbered.id IS NULL
       AND padded.digits = ltrim(code, '0')
)
SELECT %(upload)s, line, code, finding,
       CASE WHEN finding <> 'several' THEN coalesce(id, padded_id) END,
       CASE WHEN finding = 'repeated' THEN first_line END
  FROM found
"""
COUNT_FINDINGS = """
SELECT finding, count(*) FROM installation_upload_lines WHERE upload_id = %(upload)s GROUP BY 1
"""
