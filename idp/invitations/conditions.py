"""Conditions on `Installation`: what a draft's list shows, what was chosen, what can be offered."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from idp.grants.models import Extent
from idp.invitations.models import InvitationDraft
from idp.invitations.searching import matching
from idp.registry.models import Installation, InstallationStatus

EVERY_SEGMENT = "all"


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


def offerable(draft: InvitationDraft) -> tuple[ColumnElement[bool], ...]:
    """The holder's, active, and of the segment that was asked for."""
    return (
        Installation.holder_tax_id == draft.holder_tax_id,
        Installation.status == InstallationStatus.ACTIVE,
        *of_segment(draft.segment),
    )


def chosen(draft: InvitationDraft) -> tuple[ColumnElement[bool], ...]:
    """Chosen, and still the holder's and active."""
    if draft.choice in (Choice.TODAY, Choice.EVERYTHING):
        return offerable(draft)
    return (is_chosen(draft), *offerable(draft))


def extent_of(draft: InvitationDraft) -> Extent:
    """What a grant would cover: everything follows the holder, all else is fixed when sent."""
    return Extent.EVERYTHING if draft.choice == Choice.EVERYTHING else Extent.CHOSEN


def listed(draft: InvitationDraft) -> tuple[ColumnElement[bool], ...]:
    """What the draft's list shows, on all its pages."""
    conditions = [Installation.holder_tax_id == draft.holder_tax_id, *of_segment(draft.segment)]
    if draft.shown in (Shown.ACTIVE, Shown.INACTIVE):
        conditions.append(Installation.status == InstallationStatus(draft.shown))
    if draft.shown == Shown.CHOSEN:
        conditions.append(is_chosen(draft))
    return (*conditions, *matching(draft.search))


def of_segment(segment: str | None) -> tuple[ColumnElement[bool], ...]:
    """Of this market segment; none for None and `all`."""
    if segment in (None, EVERY_SEGMENT):
        return ()
    return (Installation.segment == segment,)


def is_chosen(draft: InvitationDraft) -> ColumnElement[bool]:
    """Ticked, or named by a file, whether or not it can still be offered."""
    return is_among(chosen_ids(draft))


def is_among(ids: Select[Any]) -> ColumnElement[bool]:
    """Whether an installation is one of the unnested `ids`, hashed once a statement.

    `= ANY (array)` would walk all of a long array for every row. `IS TRUE` keeps the planner from
    joining instead: of rows that were written a moment ago it knows no number, and would loop.
    """
    return Installation.id.in_(ids).is_(True)


def chosen_ids(draft: InvitationDraft) -> Select[Any]:
    """The ids that its row keeps, one a row."""
    ids = func.unnest(InvitationDraft.installation_ids)
    return select(ids).where(InvitationDraft.id == draft.id)
