"""On which grants a caller may report: one statement, no ORM objects."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from idp.api.callers import SCOPE, Caller
from idp.errors import NotFound
from idp.extensions import db
from idp.grants.ledger import PUBLIC_ID
from idp.grants.use_rules import Period

# For a person: what they received. For itself: a resource server on every grant, since it may ask
# about everybody; any other application while the grantee had authorised it to tell.
REPORTABLE = text(
    """
    SELECT g.id, g.created_at, authorised.since, authorised.until,
           NOT EXISTS (SELECT FROM grants link
                        WHERE link.id = ANY(g.ancestors || g.id)
                          AND (link.state <> 'active' OR link.expires_at <= :at)) AS stands
      FROM grants g
     CROSS JOIN LATERAL (
           SELECT min(z.created_at) AS since,
                  max(least(z.revoked_at, z.expires_at)) AS until
             FROM authorizations z
            WHERE z.account_id = g.grantee_id AND z.client_id = :client AND NOT :is_trusted
              AND :scope = ANY(string_to_array(z.scope, ' '))) AS authorised
     WHERE g.public_id = :grant
       AND (CAST(:person AS bigint) IS NULL OR g.grantee_id = :person)
       AND (:is_trusted OR authorised.since IS NOT NULL)
    """
)


@dataclass(frozen=True, slots=True)
class Reportable:
    """A grant that the caller may report on."""

    id: int
    period: Period
    # Whether the caller may learn what was allowed. When the grant has ended, the answer for a code
    # would tell which installations the holder has now, to whoever has no business knowing.
    is_open: bool


def get_reportable(public_id: str, caller: Caller, at: datetime) -> Reportable:
    """Raises `NotFound`, whether there is no such grant or it is not this caller's to tell of."""
    if not PUBLIC_ID.fullmatch(public_id):
        raise NotFound
    is_resource_server = caller.person is None and caller.client.metadata.introspect
    asked = {
        "grant": public_id,
        "person": caller.person,
        "client": caller.client.key,
        "is_trusted": caller.person is not None or is_resource_server,
        "scope": SCOPE,
        "at": at,
    }
    row = db.session.execute(REPORTABLE, asked).first()
    if row is None:
        raise NotFound
    since: datetime = max(row.created_at, row.since or row.created_at)
    return Reportable(row.id, Period(since, row.until), is_resource_server or row.stands)
