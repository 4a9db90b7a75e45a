"""The installations of one client from which a collaborator gets some: those that are active."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from idp.extensions import db
from idp.grants.coverage import covered_by
from idp.grants.folding import patterns, says
from idp.grants.models import Grant
from idp.pages.paging import Paging
from idp.registry.models import Installation, InstallationStatus


def count_listed(grant: Grant, typed: str) -> int:
    """How many there are whose code, address or city holds what was typed."""
    query = select(func.count()).select_from(Installation).where(*_listed(grant, typed))
    return db.session.scalar(query) or 0


def page_of(grant: Grant, typed: str, paging: Paging) -> Sequence[Installation]:
    """One page of them, by code."""
    return db.session.scalars(
        select(Installation)
        .where(*_listed(grant, typed))
        .order_by(Installation.code, Installation.id)
        .offset(paging.offset)
        .limit(paging.per_page)
    ).all()


def count_chosen(grant: Grant, ids: Sequence[int]) -> int:
    """How many of these can still be given on."""
    query = select(func.count()).select_from(Installation)
    query = query.where(Installation.id.in_(ids), *_listed(grant, ""))
    return (db.session.scalar(query) or 0) if ids else 0


def ids_of(grant: Grant, public_ids: Sequence[str]) -> list[int]:
    """The ids of those of these installations that can be given on; others are passed over."""
    wanted = [key for text in public_ids if (key := _uuid(text)) is not None]
    query = select(Installation.id).where(Installation.public_id.in_(wanted), *_listed(grant, ""))
    return list(db.session.scalars(query)) if wanted else []


def _listed(grant: Grant, typed: str) -> tuple[ColumnElement[bool], ...]:
    place = func.concat_ws(" ", Installation.code, Installation.address, Installation.city)
    found = (says(place, words),) if (words := patterns(typed)) else ()
    return (*covered_by(grant), Installation.status == InstallationStatus.ACTIVE, *found)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
