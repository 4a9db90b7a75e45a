"""Whether grants stand, as a condition of queries; `rules.stands` says the same of one of them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, any_, exists, not_, or_
from sqlalchemy.orm import aliased

from idp.grants.models import Grant, State


def is_standing(at: datetime) -> ColumnElement[bool]:
    """The link itself and every one above it are active, before their end dates."""
    link = aliased(Grant)
    ended_above = exists().where(
        link.id == any_(Grant.ancestors), or_(link.state != State.ACTIVE, link.expires_at <= at)
    )
    unended = or_(Grant.expires_at.is_(None), Grant.expires_at > at)
    return and_(Grant.state == State.ACTIVE, unended, not_(ended_above))
