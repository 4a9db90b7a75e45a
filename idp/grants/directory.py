"""The list of installations that a person may see: by relation, then holder, page by page.

The number in each group comes from its counter, and a page reads only its own rows: the first page
of a holder with 100,000 installations costs what that of a holder with ten does. A search reads
the person's own groups and nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from idp.extensions import db
from idp.grants.directory_statements import (
    COUNT_GRANTED,
    COUNT_OWN,
    GRANTED_ROWS,
    GRANTED_ROWS_FOUND,
    GROUPS,
    OWN_ROWS,
    OWN_ROWS_FOUND,
)
from idp.grants.folding import patterns
from idp.grants.models import Level, Relation
from idp.registry.models import InstallationStatus
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Group:
    """Installations seen for one reason: one's own, or one grant."""

    id: int  # of the grant; 0: one's own
    relation: Relation
    holder: TaxId
    holder_name: str
    grant_id: str | None  # public id; None: one's own
    level: Level
    expires_at: datetime | None
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    public_id: UUID
    code: str
    address: str
    city: str
    state: str
    status: InstallationStatus


def groups_of(account_id: int, at: datetime) -> list[Group]:
    """Why the account sees what, in the order of the page."""
    rows = db.session.execute(GROUPS, {"account": account_id, "at": at})
    order = list(Relation)
    return sorted(
        (_group(row) for row in rows),
        key=lambda group: (order.index(group.relation), group.holder_name, group.id),
    )


def searched(groups: Sequence[Group], typed: str, at: datetime) -> list[Group]:
    """The groups with the number that matches what was typed; those without any left out."""
    words = patterns(typed)
    if not words:
        return list(groups)
    counts: dict[int, int] = {}
    granted = [group.id for group in groups if group.id]
    if granted:
        asked = {"grants": granted, "words": words, "at": at}
        found = db.session.execute(COUNT_GRANTED, asked)
        counts.update((row.grant_id, row.total) for row in found)
    for group in groups:
        if not group.id:
            own = {"holder": str(group.holder), "words": words}
            counts[0] = db.session.execute(COUNT_OWN, own).scalar_one()
    return [replace(group, count=count) for group in groups if (count := counts.get(group.id, 0))]


def page_of(
    groups: Sequence[Group], typed: str, *, at: datetime, offset: int, limit: int
) -> list[tuple[Group, list[Row]]]:
    """The rows of one page, under their groups. `groups` come from `searched` with `typed`."""
    words = patterns(typed)
    slices = list(_slices(groups, offset, limit))
    granted = [part for part in slices if part[0].id]
    rows: dict[int, list[Row]] = {}
    if granted:
        asked = {
            "grants": [group.id for group, _skip, _take in granted],
            "skips": [skip for _group, skip, _take in granted],
            "takes": [take for _group, _skip, take in granted],
            "words": words,
            "at": at,
        }
        for row in db.session.execute(GRANTED_ROWS_FOUND if words else GRANTED_ROWS, asked):
            rows.setdefault(row.grant_id, []).append(_row(row))
    for group, skip, take in slices:
        if not group.id:
            own = {"holder": str(group.holder), "skip": skip, "take": take, "words": words}
            found = db.session.execute(OWN_ROWS_FOUND if words else OWN_ROWS, own)
            rows[0] = [_row(row) for row in found]
    return [(group, rows.get(group.id, [])) for group, _skip, _take in slices]


def _slices(groups: Sequence[Group], offset: int, limit: int) -> Iterator[tuple[Group, int, int]]:
    """Which part of which group stands on the page: (group, rows to skip, rows to take)."""
    for group in groups:
        if offset < group.count and limit > 0:
            take = min(group.count - offset, limit)
            yield group, offset, take
            limit -= take
        offset = max(0, offset - group.count)


def _group(row: Any) -> Group:
    return Group(
        id=row.id,
        relation=Relation(row.relation),
        holder=TaxId.parse_canonical(row.holder),
        holder_name=row.name,
        grant_id=row.grant_id,
        level=Level(row.level),
        expires_at=row.expires_at,
        count=row.total,
    )


def _row(row: Any) -> Row:
    return Row(
        public_id=row.public_id,
        code=row.code,
        address=row.address,
        city=row.city,
        state=row.state,
        status=InstallationStatus(row.status),
    )
