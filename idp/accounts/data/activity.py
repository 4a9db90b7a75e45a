"""The history of an account in plain words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from flask_babel.speaklater import LazyString
from sqlalchemy import Select, select, union_all

from idp.accounts.data.wording import BY_KIND, OTHER, RECEIVED, SENTENCES, Kind, Who
from idp.accounts.lookup import VISITOR
from idp.accounts.models import Account
from idp.audit.models import AuditEvent
from idp.extensions import db

PER_PAGE = 25
DIGITS = 18  # of an event's number: a bigint has 19

Subject = Literal["grant", "invitation"]
# The features above say what others began that is this person's history, too: the public ids of
# the grants they received, of the invitations to them. The latest few hundred will do.
related: dict[Subject, Callable[[Account], Select[str]]] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the page; `address` is where it was done from in the account's own name, or
    empty: where a guest or a member of staff sits is none of this person's business."""

    at: datetime
    event: str
    text: LazyString
    who: Who
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some steps, newest first; `older` is what the next page comes `before`, None on the last."""

    steps: list[Step]
    older: int | None


def page_of(account: Account, *, before: int | None, kind: Kind | None = None) -> Page:
    """The latest steps of this kind, or those before the event of this number."""
    wanted = BY_KIND[kind] if kind else None
    ids = union_all(*(_latest(query, before, wanted) for query in _queries(account)))
    query = select(AuditEvent).where(AuditEvent.id.in_(ids)).order_by(AuditEvent.id.desc())
    events = list(db.session.scalars(query.limit(PER_PAGE + 1)))
    shown = events[:PER_PAGE]
    older = shown[-1].id if len(events) > PER_PAGE else None
    return Page([step_of(event, account) for event in shown], older)


def everything_of(account: Account) -> Select[*tuple[Any, ...]]:
    """What names the account, by age, as rows that `step_of` reads."""
    event = AuditEvent
    columns = (event.at, event.event, event.actor, event.account, event.address)
    return select(*columns).where(event.account == account.public_id).order_by(event.id)


def step_of(event: Any, account: Account) -> Step:
    """An event, or a row of `everything_of`, as this person is told of it."""
    who = _who(event.actor, account)
    is_mine = event.account == account.public_id
    words: Mapping[Any, LazyString] = SENTENCES if is_mine else RECEIVED
    is_shown = who is Who.SELF or (who is Who.VISITOR and is_mine)
    address = str(event.address) if event.address and is_shown else ""
    return Step(event.at, event.event, words.get(event.event, OTHER), who, address)


def _queries(account: Account) -> list[Select[Any]]:
    """What names the account, and what names something that it received: each has its index."""
    mine = AuditEvent.account == account.public_id
    found = [select(AuditEvent.id).where(mine)]
    for subject, ids in related.items():
        column = AuditEvent.__table__.c[subject]
        found.append(
            select(AuditEvent.id).where(
                column.in_(ids(account)),
                AuditEvent.event.in_([each.value for each in RECEIVED]),
                AuditEvent.account.is_distinct_from(account.public_id),
            )
        )
    return found


def _latest(query: Select[Any], before: int | None, wanted: Any) -> Any:
    if before is not None:
        query = query.where(AuditEvent.id < before)
    if wanted is not None:
        query = query.where(AuditEvent.event.in_([each.value for each in wanted]))
    ids = query.order_by(AuditEvent.id.desc()).limit(PER_PAGE + 1).subquery()
    return select(ids.c.id)


def _who(actor: str, account: Account) -> Who:
    if actor == str(account.actor):
        return Who.SELF
    if actor == str(VISITOR):
        return Who.VISITOR
    kinds = {"staff": Who.STAFF, "client": Who.APPLICATION, "account": Who.OTHER}
    return kinds.get(actor.partition(":")[0], Who.SERVICE)
