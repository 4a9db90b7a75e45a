"""Which installations a grant covers now, as conditions on `Installation`; and by which grants one
is covered."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    and_,
    any_,
    bindparam,
    exists,
    not_,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import aliased

from idp.extensions import db, plan_anew
from idp.grants import rules
from idp.grants.chain import PARTIES, links_of_each
from idp.grants.models import Extent, Grant, GrantInstallation, State
from idp.registry.models import Installation

ROWS = text(
    """
    SELECT grant_id, installation_id, ended_at IS NULL AS is_live FROM grant_installations
     WHERE grant_id = ANY(:links) AND installation_id = ANY(:ids)
    """
).bindparams(*(bindparam(name, type_=ARRAY(BigInteger)) for name in ("links", "ids")))


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


def covered_among(installation_ids: Sequence[int], links: Sequence[Grant]) -> list[int]:
    """Those of the holder's installations that `links`, from the holder down, all cover.

    What `covered_by` says, for a list of any length: each row is looked up by its key, whatever the
    planner takes the number of rows for.
    """
    plan_anew()
    asked = {"links": [link.id for link in links], "ids": list(installation_ids)}
    lists = {link.id for link in links if link.extent is Extent.CHOSEN}
    covering, excepted = Counter[int](), set[int]()
    for row in db.session.execute(ROWS, asked):
        if row.grant_id in lists:
            covering[row.installation_id] += row.is_live
        elif not row.is_live:
            excepted.add(row.installation_id)
    found = (each for each in installation_ids if covering[each] == len(lists))
    return [each for each in found if each not in excepted]


def grants_on(installation: Installation, *, at: datetime, limit: int) -> Sequence[Grant]:
    """The grants that cover it now, the latest first; at most `limit` are looked at."""
    grants = db.session.scalars(
        select(Grant)
        .where(
            Grant.id.in_(_ids_on(installation)),
            Grant.holder_tax_id == installation.holder_tax_id,
            Grant.state == State.ACTIVE,
        )
        .options(*PARTIES)
        .order_by(Grant.id.desc())
        .limit(limit)
    ).all()
    links = links_of_each(grants)
    return [grant for grant in grants if rules.stands(links[grant.id], at)]


def _ids_on(installation: Installation) -> CompoundSelect[int]:
    """Of grants that chose it, and of those of everything that no link excepts it from."""
    row = GrantInstallation
    chosen = select(row.grant_id).where(
        row.installation_id == installation.id, row.ended_at.is_(None)
    )
    everything = select(Grant.id).where(
        Grant.holder_tax_id == installation.holder_tax_id,
        Grant.extent == Extent.EVERYTHING,
        Grant.state == State.ACTIVE,
        ~exists().where(
            row.installation_id == installation.id,
            or_(row.grant_id == Grant.id, row.grant_id == any_(Grant.ancestors)),
        ),
    )
    return union_all(chosen, everything)


def _live_rows(grant: Grant) -> ColumnElement[int]:
    """A grant is small beside the table: the planner starts from its rows."""
    return (
        select(GrantInstallation.installation_id)
        .where(GrantInstallation.grant_id == grant.id, GrantInstallation.ended_at.is_(None))
        .scalar_subquery()
    )
