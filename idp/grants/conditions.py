"""What every question of effective access asks alike, as parts of its SQL.

`a` is the account that asks, `g` a grant, `i` an installation; `:at` is the moment.
"""

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
"""  # noqa: S608 - no value is put in, only our own conditions


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
