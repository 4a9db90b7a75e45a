"""Make the country: 1,000,000 installations and 200,000 grants, in sets, in a minute or two."""

from sqlalchemy import Connection, text

from benchmarks.delegation.people import CLIENTS, everybody

INSTALLATIONS = 1_000_000
GRANTS = 200_000
ORDINARY = 190_000  # people with three or four installations, each known to the next one

# Who holds how many. Companies have no account; clients of managers and ordinary people have one.
HOLDINGS = """
    CREATE TEMPORARY TABLE holdings AS
    SELECT tax_id AS holder, size AS held FROM measured WHERE shape = 'owner'
    UNION ALL
    SELECT 'es:passport:C0000' || size, size FROM measured WHERE shape = 'representative'
    UNION ALL SELECT 'es:passport:M0000' || m.clients || 'X' || n, m.size / m.clients
      FROM measured m CROSS JOIN generate_series(1, m.clients) n WHERE m.shape = 'manager'
"""
ORDINARY_HOLDINGS = """
    INSERT INTO holdings
    SELECT 'es:passport:P0000' || n,
           left_over.rows / :ordinary + (n <= left_over.rows % :ordinary)::int
      FROM (SELECT :installations - sum(held)::int AS rows FROM holdings) AS left_over
     CROSS JOIN generate_series(1, :ordinary) n
"""
HOLDERS = """
    INSERT INTO holders (tax_id, name, installation_count, version, updated_at)
    SELECT holder, 'Holder ' || holder, held, 1, now() FROM holdings
"""
ACCOUNTS = """
    INSERT INTO accounts (public_id, tax_id, name, email, landline, mobile, locale, password_hash,
                          assurance, activated_at, password_changed_at)
    SELECT 'a_' || tax_id, tax_id, 'Person ' || tax_id, md5(tax_id) || '@example.com', '', '',
           'en', :password_hash, 'proven', now(), now()
      FROM (SELECT tax_id FROM measured
            UNION
            SELECT holder FROM holdings WHERE holder NOT LIKE 'es:passport:C%') AS person
"""
# In no order, as years of imports leave them.
SUPPLY = """
    INSERT INTO installations (distributor, code, holder_tax_id, address, city, state, postal_code,
                               segment, status, updated_at)
    SELECT 'elektro', (3000000000 + row_number() OVER ())::text, holder, 'Rua das Flores, ' || n,
           'Campinas', 'SP', '13010-000', 'low_voltage', 'active', now()
      FROM (SELECT holder, n FROM holdings CROSS JOIN generate_series(1, held) n
             ORDER BY random()) AS shuffled
"""
GIVEN = """
    CREATE TEMPORARY TABLE given AS
    SELECT 'r' || size AS name, 'es:passport:C0000' || size AS holder,
           CAST(NULL AS text) AS giver, tax_id AS receiver, 'representative' AS relation,
           'everything' AS extent
      FROM measured WHERE shape = 'representative'
    UNION ALL
    SELECT 'd' || d.size, o.tax_id, o.tax_id, d.tax_id, 'delegate', 'chosen'
      FROM measured d JOIN measured o ON o.size = d.size AND o.shape = 'owner'
     WHERE d.shape = 'delegate'
    UNION ALL
    SELECT 'm' || m.size || '-' || n, client, client, m.tax_id, 'manager', 'chosen'
      FROM measured m CROSS JOIN generate_series(1, m.clients) n
     CROSS JOIN LATERAL (SELECT 'es:passport:M0000' || m.clients || 'X' || n AS client) AS c
     WHERE m.shape = 'manager'
"""
ORDINARY_GIVEN = """
    INSERT INTO given
    SELECT 'o' || n, 'es:passport:P0000' || 1 + n % :ordinary,
           'es:passport:P0000' || 1 + n % :ordinary,
           'es:passport:P0000' || 1 + (n + 1 + n / :ordinary) % :ordinary, 'delegate', 'chosen'
      FROM generate_series(0, :grants - 1 - (
           SELECT count(*)::int FROM given) - (SELECT sum(clients)::int FROM measured
           WHERE shape = 'collaborator')) n
"""
ROOTS = """
    INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, extent,
                        level, state, version, installation_count, excepted_count, created_at,
                        end_reason, ancestors, unsettled_below)
    SELECT 'g_' || given.name, given.holder, giver.id, receiver.id, given.relation, given.extent,
           'full', 'active', 1, CASE extent WHEN 'chosen' THEN held ELSE 0 END, 0, now(), '', '{}',
           false
      FROM given JOIN holdings USING (holder)
      JOIN accounts receiver ON receiver.tax_id = given.receiver
      LEFT JOIN accounts giver ON giver.tax_id = given.giver
     ORDER BY random()
"""
COLLABORATORS = """
    INSERT INTO grants (public_id, holder_tax_id, granted_by_id, grantee_id, relation, extent,
                        level, state, version, installation_count, excepted_count, created_at,
                        end_reason, parent_id, ancestors, unsettled_below)
    SELECT 'c' || above.public_id, above.holder_tax_id, above.grantee_id, receiver.id,
           'collaborator', 'chosen', 'read_only', 'active', 1, above.installation_count, 0, now(),
           '', above.id, ARRAY[above.id], false
      FROM grants above JOIN accounts giver ON giver.id = above.grantee_id
      JOIN measured m ON m.tax_id = giver.tax_id
      JOIN measured c ON c.shape = 'collaborator' AND c.size = m.size
      JOIN accounts receiver ON receiver.tax_id = c.tax_id
     WHERE above.relation = 'manager'
"""
ROWS = """
    INSERT INTO grant_installations (grant_id, installation_id)
    SELECT g.id, i.id FROM grants g JOIN installations i ON i.holder_tax_id = g.holder_tax_id
     WHERE g.extent = 'chosen'
"""
TABLES = ("accounts", "holders", "installations", "grants", "grant_installations")


def make(connection: Connection, password_hash: str) -> None:
    """Fill an empty, migrated database; everybody who is measured has the one password."""
    connection.execute(text("SET statement_timeout = 0"))
    _name_measured(connection)
    numbers = {"installations": INSTALLATIONS, "grants": GRANTS, "ordinary": ORDINARY}
    for statement in (
        HOLDINGS,
        ORDINARY_HOLDINGS,
        "ANALYZE holdings",
        HOLDERS,
        ACCOUNTS,
        SUPPLY,
        GIVEN,
        ORDINARY_GIVEN,
        "ANALYZE given",
        f"ANALYZE {', '.join(TABLES)}",
        ROOTS,
        "ANALYZE grants",
        COLLABORATORS,
        ROWS,
    ):
        connection.execute(text(statement), {**numbers, "password_hash": password_hash})
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text(f"VACUUM ANALYZE {', '.join(TABLES)}"))


def _name_measured(connection: Connection) -> None:
    connection.execute(
        text("CREATE TEMPORARY TABLE measured (tax_id text, shape text, size int, clients int)")
    )
    connection.execute(
        text("INSERT INTO measured VALUES (:tax_id, :shape, :size, :clients)"),
        [
            {
                "tax_id": person.tax_id,
                "shape": person.shape,
                "size": person.size,
                "clients": CLIENTS[person.size],
            }
            for person in everybody()
        ],
    )
