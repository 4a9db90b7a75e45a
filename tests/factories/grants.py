"""Grants for tests, made the way an accepted invitation makes them."""

from collections.abc import Sequence
from datetime import datetime

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import services
from idp.grants.models import Extent, Grant, Level, Relation
from idp.grants.scope import Scope
from idp.registry.models import Installation
from idp.taxids import TaxId


def a_grant(
    granted_by: Account,
    to: Account,
    installations: Sequence[Installation] | None,
    *,
    level: Level = Level.READ_ONLY,
    holder: TaxId | None = None,
    relation: Relation = Relation.DELEGATE,
    parent: Grant | None = None,
    expires_at: datetime | None = None,
    at: datetime | None = None,
) -> Grant:
    """`granted_by` lets `to` see `installations` (None: everything) of `holder`; committed.

    The holder is by default that of `parent`, the link above, else `granted_by`.
    """
    whose = holder or (parent.holder_tax_id if parent else granted_by.tax_id)
    extent = Extent.EVERYTHING if installations is None else Extent.CHOSEN
    grant = services.issue(
        Scope(whose, relation, level, extent, expires_at, parent),
        granted_by=granted_by,
        to=to,
        installation_ids=[each.id for each in installations or ()],
        at=at or clock.now(),
    )
    db.session.commit()
    return grant


def a_representation(company: TaxId | str, to: Account, *, at: datetime | None = None) -> Grant:
    """`to` represents `company` (a holder by now), as staff found; committed."""
    tax_id = TaxId.parse_canonical(company) if isinstance(company, str) else company
    scope = Scope(tax_id, Relation.REPRESENTATIVE, Level.FULL, Extent.EVERYTHING)
    grant = services.issue(scope, granted_by=None, to=to, at=at or clock.now())
    db.session.commit()
    return grant
