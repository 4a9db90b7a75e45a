"""Which installations a grant covers now, as conditions and queries on `Installation`."""

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import aliased

from idp.grants.models import Extent, Grant, GrantInstallation
from idp.registry.models import Installation


def covered_by(grant: Grant) -> tuple[ColumnElement[bool], ...]:
    """Conditions: in the holder's name, and covered by every link from the holder down.

    A chosen extent covers by a row that has not ended; everything, unless a row says that this one
    has. Says nothing about whether the links stand.
    """
    link, row = aliased(Grant), aliased(GrantInstallation)
    uncovered = (
        select(link.id)
        .outerjoin(row, and_(row.grant_id == link.id, row.installation_id == Installation.id))
        .where(
            link.id.in_([*grant.ancestors, grant.id]),
            or_(row.grant_id.is_(None), row.ended_at.is_not(None)),
            or_(link.extent == Extent.CHOSEN, row.grant_id.is_not(None)),
        )
    )
    in_rows = [Installation.id.in_(_live_rows(grant))] if grant.extent is Extent.CHOSEN else []
    return (Installation.holder_tax_id == grant.holder_tax_id, *in_rows, not_(uncovered.exists()))


def _live_rows(grant: Grant) -> ColumnElement[int]:
    """A grant is small beside the table: the planner starts from its rows."""
    return (
        select(GrantInstallation.installation_id)
        .where(GrantInstallation.grant_id == grant.id, GrantInstallation.ended_at.is_(None))
        .scalar_subquery()
    )
