"""Which installations a draft has chosen: kept in its row, changed by statements that say only
what one page showed, so that search, paging and a second tab lose nothing."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
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
from idp.invitations.conditions import chosen, chosen_ids, is_among, is_chosen, listed, offerable
from idp.invitations.models import InvitationDraft
from idp.pages.paging import Paging
from idp.registry.models import Installation, InstallationStatus

IDS = ARRAY(BigInteger)


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
    query = select(func.count()).select_from(Installation).where(*listed(draft))
    return db.session.scalar(query) or 0


def count_selectable(draft: InvitationDraft) -> int:
    """How many of them could be chosen."""
    query = select(func.count()).select_from(Installation)
    return db.session.scalar(query.where(*listed(draft), *offerable(draft))) or 0


def count_all_offerable(draft: InvitationDraft) -> int:
    """How many installations could be offered, whatever the list shows."""
    query = select(func.count()).select_from(Installation).where(*offerable(draft))
    return db.session.scalar(query) or 0


def rows_of(draft: InvitationDraft, paging: Paging) -> list[Row]:
    """One page of the list, in the order of the codes."""
    found = db.session.execute(
        select(Installation, is_chosen(draft))
        .where(*listed(draft))
        .order_by(Installation.code, Installation.id)
        .offset(paging.offset)
        .limit(paging.per_page)
    )
    return [Row(installation, bool(is_ticked)) for installation, is_ticked in found]


def count_chosen(draft: InvitationDraft) -> int:
    """How many were chosen, whether or not they can still be offered."""
    query = select(func.cardinality(InvitationDraft.installation_ids))
    return db.session.scalar(query.where(InvitationDraft.id == draft.id)) or 0


def count_offerable(draft: InvitationDraft) -> int:
    """How many of the chosen ones can still be offered."""
    query = select(func.count()).select_from(Installation).where(*chosen(draft))
    return db.session.scalar(query) or 0


def record(draft: InvitationDraft, shown: Iterable[str], ticked: Iterable[str]) -> None:
    """Of the installations on one page (`shown`, UUIDs) exactly the `ticked` ones are chosen."""
    keys = set(_uuids(shown))
    wanted = keys & set(_uuids(ticked))
    _replace(draft, without=_ids(draft, keys), plus=_ids(draft, wanted, *offerable(draft)))


def choose_listed(draft: InvitationDraft) -> None:
    """Choose everything that the list shows, on all its pages, and that can be offered."""
    found = select(Installation.id).where(*listed(draft), *offerable(draft))
    _write(draft, _array(union(chosen_ids(draft), found)))


def choose_those(draft: InvitationDraft, ids: Select[Any], *, keep: bool) -> None:
    """Choose the installations of `ids` that can be offered, besides those chosen before (`keep`)
    or in their place."""
    named = select(func.unnest(func.array(ids.scalar_subquery(), type_=IDS)))
    found = select(Installation.id).where(is_among(named), *offerable(draft))
    _write(draft, _array(union(chosen_ids(draft) if keep else _unnested([]), found)))


def clear(draft: InvitationDraft) -> None:
    """Choose nothing."""
    _write(draft, literal([], IDS))


def _replace(draft: InvitationDraft, *, without: list[int], plus: list[int]) -> None:
    kept = except_(chosen_ids(draft), _unnested(without)).subquery()
    _write(draft, _array(union(select(kept.c[0]), _unnested(plus))))


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
