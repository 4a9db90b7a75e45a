"""What one grant lets its grantee do now, and through whose hands it came: one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from idp.extensions import db
from idp.grants.access import Access
from idp.grants.conditions import COUNT, HELD, LINKS, VERSION, codes_of
from idp.grants.models import Level, Relation
from idp.taxids import TaxId

MAXIMUM_NAME = 64  # characters; a grant's public id has 24

# The same lookups as in `statements.ALL`, of a single grant.
BY_GRANT = text(
    f"""
    SELECT g.relation, g.holder_tax_id AS holder, links.level, g.public_id AS grant_id,
           links.public_ids AS links, links.expires_at, {COUNT} AS total, {VERSION} AS version,
           {codes_of("links.excepted")} AS codes,
           (SELECT json_agg(json_build_array(party.id, party.public_id, party.tax_id)
                            ORDER BY cardinality(link.ancestors))
              FROM grants link JOIN accounts party ON party.id = link.grantee_id
             WHERE link.id = ANY(g.ancestors || g.id)) AS grantees
      FROM grants g {HELD} {LINKS}
     WHERE g.public_id = :grant AND g.grantee_id = :account AND links.stand
    """  # noqa: S608 - no value is put in, only our own conditions
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who received a link of the chain."""

    account_id: int
    public_id: str
    tax_id: TaxId


@dataclass(frozen=True, slots=True)
class Delegated:
    """A grant that stands, with every link above it."""

    access: Access
    version: int  # rises with every change of what it covers
    grantees: tuple[Party, ...]  # of each link, from the holder down: the last one acts


def find(public_id: str, *, account_id: int, at: datetime, limit: int) -> Delegated | None:
    """The grant of this name, if this account received it, it stands and covers something.

    Installations are named where there are no more than `limit`.
    """
    if len(public_id) > MAXIMUM_NAME or not public_id.isprintable():
        return None
    asked = {"grant": public_id, "account": account_id, "at": at, "limit": limit + 1}
    row = db.session.execute(BY_GRANT, asked).first()
    if row is None or not row.codes:
        return None
    grantees = (Party(id_, name, TaxId.parse_canonical(party)) for id_, name, party in row.grantees)
    return Delegated(_access(row, limit), row.version, tuple(grantees))


def _access(row: Any, limit: int) -> Access:
    codes = tuple(row.codes)
    all_named = len(codes) <= limit
    return Access(
        relation=Relation(row.relation),
        holder=TaxId.parse_canonical(row.holder),
        level=Level(row.level),
        installations=codes if all_named else (),
        grant_id=row.grant_id,
        grant_chain=tuple(row.links),
        expires_at=row.expires_at,
        count=len(codes) if all_named else max(row.total, len(codes)),
    )
