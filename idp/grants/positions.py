"""A chain as its pages show it: who stands where, how that link stands, and whose page to open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import array

from idp.accounts.models import Account
from idp.extensions import db
from idp.grants import chain, rules
from idp.grants.folding import patterns, says
from idp.grants.models import Grant, Level, State
from idp.grants.rules import Part
from idp.grants.standing import is_standing


@dataclass(frozen=True, slots=True)
class Position:
    """One link of a chain."""

    grant: Grant
    state: State  # as the links above make it
    level: Level  # what all links down to it allow together
    depth: int  # 1: given by the holder's side
    may_be_seen: bool  # whether its page opens for the reader


def above(links: Sequence[Grant], part: Part, reader: Account, at: datetime) -> list[Position]:
    """The links over the last of `links`, which `reader` has this `part` in, from the holder down.

    Everybody learns the names; the page of a link is for the holder's side and those above it.
    """
    seen = part in (Part.HOLDER, Part.FELLOW)
    found = []
    for number, link in enumerate(links[:-1], start=1):
        seen = seen or link.grantee_id == reader.id
        found.append(_position(links[:number], seen, at))
    return found


def matching(grant: Grant, typed: str) -> Select[Grant]:
    """The links under `grant`, at any depth, whose grantee is called what was typed."""
    query = chain.under(grant)
    if words := patterns(typed):
        query = query.join(Account, Account.id == Grant.grantee_id)
        query = query.where(says(Account.name, words))
    return query


def active(grant: Grant, at: datetime) -> Select[Grant]:
    """The links under `grant`, at any depth, that stand."""
    return chain.under(grant).where(is_standing(at))


def page_of(query: Select[Grant], *, at: datetime, offset: int, limit: int) -> list[Position]:
    """One page of `matching`: each link followed by those under it, the older first."""
    branch = Grant.ancestors.concat(array([Grant.id]))
    found = db.session.scalars(query.order_by(branch).offset(offset).limit(limit)).all()
    links = chain.links_of_each(found)
    return [_position(links[each.id], True, at) for each in found]


def _position(links: Sequence[Grant], may_be_seen: bool, at: datetime) -> Position:
    return Position(
        grant=links[-1],
        state=rules.shown_state(links, at),
        level=rules.level_of(links),
        depth=len(links),
        may_be_seen=may_be_seen,
    )
