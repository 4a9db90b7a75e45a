"""Grants for tests, made the way an accepted invitation makes them."""

from collections.abc import Sequence
from datetime import datetime

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Grant, Level, Relation
from idp.registry.models import Installation
from idp.taxids import TaxId


def a_grant(
    granted_by: Account,
    to: Account,
    installations: Sequence[Installation],
    *,
    level: Level = Level.READ_ONLY,
    holder: TaxId | None = None,
    relation: Relation = Relation.DELEGATE,
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> Grant:
    """`granted_by` lets `to` see `installations` of `holder` (by default their own); committed."""
    grant = services.issue(
        holder=holder or granted_by.tax_id,
        granted_by=granted_by,
        to=to,
        relation=relation,
        level=level,
        installation_ids=[each.id for each in installations],
        expires_at=expires_at,
        at=at or clock.now(),
    )
    db.session.commit()
    return grant
