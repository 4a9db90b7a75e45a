"""Which installations a draft has chosen: kept in its row, changed by statements that say only
what one page showed, so that search, paging and a second tab lose nothing."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    except_,
    func,
    literal,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from idp.extensions import db
from idp.grants.models import Extent
from idp.invitations.models import InvitationDraft
from idp.invitations.searching import matching
from idp.pages.paging import Paging
from idp.registry.models import Installation, InstallationStatus

EVERY_SEGMENT = "all"
IDS = ARRAY(BigInteger)


class Shown(StrEnum):
    """Which installations the list shows."""

    ALL = "all"
    ACTIVE = "active"
    INACTIVE = "inactive"
    CHOSEN = "chosen"


class Choice(StrEnum):
    """How the installations are chosen."""

    CHOSEN = "chosen"  # one by one, or by a file
    TODAY = "today"  # all that the holder has when the invitation is sent
    EVERYTHING = "everything"  # all, those to come too


@dataclass(frozen=True, slots=True)
class Row:
    """One installation of the list."""

    installation: Installation
    is_chosen: bool

    @property
    def may_be_chosen(self) -> bool:
        """Inactive installations can't be offered."""
        return self.installation.status is InstallationStatus.ACTIVE


def count_listed(draft: InvitationDraft) -> int:
    """How many installations the list shows, on all its pages."""
    query = select(func.count()).select_from(Installation).where(*_listed(draft))
    return db.session.scalar(query) or 0


def count_selectable(draft: InvitationDraft) -> int:
    """How many of them could be chosen."""
    query = select(func.count()).select_from(Installation)
    return db.session.scalar(query.where(*_listed(draft), *offerable(draft))) or 0


def count_all_offerable(draft: InvitationDraft) -> int:
    """How many installations could be offered, whatever the list shows."""
    query = select(func.count()).select_from(Installation).where(*offerable(draft))
    return db.session.scalar(query) or 0


def rows_of(draft: InvitationDraft, paging: Paging) -> list[Row]:
    """One page of the list, in the order of the codes."""
    found = db.session.execute(
        select(Installation, _is_chosen(draft))
        .where(*_listed(draft))
        .order_by(Installation.code, Installation.id)
        .offset(paging.offset)
        .limit(paging.per_page)
    )
    return [Row(installation, bool(chosen)) for installation, chosen in found]


def count_chosen(draft: InvitationDraft) -> int:
    """How many were chosen, whether or not they can still be offered."""
    query = select(func.cardinality(InvitationDraft.installation_ids))
    return db.session.scalar(query.where(InvitationDraft.id == draft.id)) or 0


def chosen(draft: InvitationDraft) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `Installation`: chosen, and still the holder's and active."""
    if draft.choice in (Choice.TODAY, Choice.EVERYTHING):
        return offerable(draft)
    return (_is_chosen(draft), *offerable(draft))


def extent_of(draft: InvitationDraft) -> Extent:
    """What a grant would cover: everything follows the holder, all else is fixed when sent."""
    return Extent.EVERYTHING if draft.choice == Choice.EVERYTHING else Extent.CHOSEN


def count_offerable(draft: InvitationDraft) -> int:
    """How many of the chosen ones can still be offered."""
    query = select(func.count()).select_from(Installation).where(*chosen(draft))
    return db.session.scalar(query) or 0


def record(draft: InvitationDraft, shown: Iterable[str], ticked: Iterable[str]) -> None:
    """Of the installations on one page (`shown`, UUIDs) exactly the `ticked` ones are chosen."""
    listed = set(_uuids(shown))
    wanted = listed & set(_uuids(ticked))
    _replace(draft, without=_ids(draft, listed), plus=_ids(draft, wanted, *offerable(draft)))


def choose_listed(draft: InvitationDraft) -> None:
    """Choose everything that the list shows, on all its pages, and that can be offered."""
    found = select(Installation.id).where(*_listed(draft), *offerable(draft))
    _write(draft, _array(union(_current(draft), found)))


def choose_those(draft: InvitationDraft, ids: Select[Any], *, keep: bool) -> None:
    """Choose the installations of `ids` that can be offered, besides those chosen before (`keep`)
    or in their place."""
    listed = select(func.unnest(func.array(ids.scalar_subquery(), type_=IDS)))
    found = select(Installation.id).where(_is_among(listed), *offerable(draft))
    _write(draft, _array(union(_current(draft) if keep else _unnested([]), found)))


def clear(draft: InvitationDraft) -> None:
    """Choose nothing."""
    _write(draft, literal([], IDS))


def _replace(draft: InvitationDraft, *, without: list[int], plus: list[int]) -> None:
    kept = except_(_current(draft), _unnested(without)).subquery()
    _write(draft, _array(union(select(kept.c[0]), _unnested(plus))))


def _current(draft: InvitationDraft) -> Select[Any]:
    ids = func.unnest(InvitationDraft.installation_ids)
    return select(ids).where(InvitationDraft.id == draft.id)


def _unnested(ids: list[int]) -> Select[Any]:
    return select(func.unnest(literal(ids, IDS)))


def _array(ids: CompoundSelect[Any]) -> ColumnElement[Any]:
    return func.array(ids.scalar_subquery(), type_=IDS)


def _write(draft: InvitationDraft, ids: ColumnElement[Any]) -> None:
    db.session.flush()
    db.session.execute(
        update(InvitationDraft)
        .where(InvitationDraft.id == draft.id)
        .values(installation_ids=ids, version=InvitationDraft.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(draft, ["installation_ids", "version"])


def _ids(
    draft: InvitationDraft, keys: set[uuid.UUID], *conditions: ColumnElement[bool]
) -> list[int]:
    query = select(Installation.id).where(
        Installation.public_id.in_(keys),
        Installation.holder_tax_id == draft.holder_tax_id,
        *conditions,
    )
    return list(db.session.scalars(query)) if keys else []


def _uuids(texts: Iterable[str]) -> Iterable[uuid.UUID]:
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue


def _is_chosen(draft: InvitationDraft) -> ColumnElement[bool]:
    return _is_among(_current(draft))


def _is_among(ids: Select[Any]) -> ColumnElement[bool]:
    """Whether an installation is one of the unnested `ids`, hashed once a statement.

    `= ANY (array)` would walk all of a long array for every row. `IS TRUE` keeps the planner from
    joining instead: of rows that were written a moment ago it knows no number, and would loop.
    """
    return Installation.id.in_(ids).is_(True)


def offerable(draft: InvitationDraft) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `Installation`: the holder's, active, and of the segment that was asked for."""
    return (
        Installation.holder_tax_id == draft.holder_tax_id,
        Installation.status == InstallationStatus.ACTIVE,
        *of_segment(draft.segment),
    )


def of_segment(segment: str | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions on `Installation`: of this market segment; none for None and `all`."""
    if segment in (None, EVERY_SEGMENT):
        return ()
    return (Installation.segment == segment,)


def _listed(draft: InvitationDraft) -> tuple[ColumnElement[bool], ...]:
    conditions = [Installation.holder_tax_id == draft.holder_tax_id, *of_segment(draft.segment)]
    if draft.shown in (Shown.ACTIVE, Shown.INACTIVE):
        conditions.append(Installation.status == InstallationStatus(draft.shown))
    if draft.shown == Shown.CHOSEN:
        conditions.append(_is_chosen(draft))
    return (*conditions, *matching(draft.search))
