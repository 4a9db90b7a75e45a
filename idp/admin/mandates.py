"""What the console shows of requests to represent or manage: the queue, and the names of staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from idp.admin import sessions
from idp.admin.models import StaffMember
from idp.extensions import db
from idp.mandates.models import Kind, MandateReading, MandateRequest, RequestState
from idp.mandates.rules import Reviewer
from idp.pages.paging import Paging

SHOWN_STATES = tuple(state for state in RequestState if state is not RequestState.DRAFT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests the list shows."""

    state: RequestState = RequestState.OPEN
    kind: Kind | None = None  # None: both

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """What an address asks for; nonsense means what is open."""
        asked = (arguments.get("state"), arguments.get("kind"))
        state = next((each for each in SHOWN_STATES if each.value == asked[0]), RequestState.OPEN)
        return cls(state, next((each for each in Kind if each.value == asked[1]), None))

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for a query."""
        conditions = [MandateRequest.state == self.state]
        if self.kind is not None:
            conditions.append(MandateRequest.kind == self.kind)
        return conditions


def count(wanted: Wanted) -> int:
    """How many there are."""
    query = select(func.count()).select_from(MandateRequest).where(*wanted.conditions)
    return db.session.scalar(query) or 0


def count_open() -> dict[Kind, int]:
    """How many of each kind await a decision."""
    rows = db.session.execute(
        select(MandateRequest.kind, func.count())
        .where(MandateRequest.state == RequestState.OPEN)
        .group_by(MandateRequest.kind)
    )
    return dict.fromkeys(Kind, 0) | {kind: number for kind, number in rows}


def requests(wanted: Wanted, paging: Paging) -> Sequence[MandateRequest]:
    """One page: those that are open the oldest first, the others the latest first."""
    is_open = wanted.state is RequestState.OPEN
    return db.session.scalars(
        select(MandateRequest)
        .where(*wanted.conditions)
        .order_by(MandateRequest.id if is_open else MandateRequest.id.desc())
        .options(joinedload(MandateRequest.account))
        .offset(paging.offset)
        .limit(paging.per_page)
    ).all()


def readings_of(request: MandateRequest) -> Sequence[MandateReading]:
    """What reviewers typed, the first of them first."""
    return db.session.scalars(
        select(MandateReading)
        .where(MandateReading.request_id == request.id)
        .order_by(MandateReading.reviewer, MandateReading.id)
    ).all()


def staff_names(request: MandateRequest, readings: Sequence[MandateReading]) -> dict[str, str]:
    """The names of the members who opened, read and decided, by public id."""
    ids = {request.staff, request.reviewer, *(each.reviewer for each in readings)} - {""}
    rows = db.session.execute(
        select(StaffMember.public_id, StaffMember.name).where(StaffMember.public_id.in_(ids))
    )
    return {reference: name for reference, name in rows}


def current_reviewer() -> Reviewer:
    """Who is signed in, as the rules of reviewing know them."""
    member = sessions.current_member()
    return Reviewer(member.public_id, member.name, member.email)
