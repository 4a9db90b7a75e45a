"""Who may do what with which installation, worked out so simply that it is plainly right.

People are numbers, installations are numbers, holders are tax ids as text.
"""

from dataclasses import dataclass, field
from datetime import datetime

from idp.grants.models import Extent, Level, Relation, State

GIVES = {
    Relation.MANAGER: {Relation.MANAGER, Relation.COLLABORATOR},
    Relation.DELEGATE: set(),
    Relation.COLLABORATOR: set(),
    Relation.REPRESENTATIVE: {Relation.DELEGATE, Relation.MANAGER},
}
DEPTH = 3


@dataclass(eq=False)
class Link:
    """One grant."""

    public_id: str
    holder: str
    by: int | None
    to: int
    above: "Link | None"
    relation: Relation
    extent: Extent
    level: Level
    rows: set[int]  # chosen: what it covers; everything: what it does not
    expires_at: datetime | None
    state: State = State.ACTIVE
    ended_at: datetime | None = None

    @property
    def chain(self) -> "list[Link]":
        """From the holder down."""
        return [*(self.above.chain if self.above else []), self]

    def has_ended(self, at: datetime) -> bool:
        return self.state is not State.ACTIVE or self.is_due(at)

    def is_due(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at


@dataclass(frozen=True)
class Reason:
    """Why somebody sees installations; `link` None: they are the holder."""

    link: Link | None
    relation: Relation
    holder: str
    numbers: frozenset[int]
    level: Level
    end: datetime | None
    chain: tuple[str, ...]

    @property
    def name(self) -> str | None:
        return self.link.public_id if self.link else None


@dataclass
class World:
    """Who is who, who holds what, who is locked, what was given; every account is proven."""

    people: list[str]
    held_by: list[str]
    locked: set[int] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)

    def held(self, holder: str) -> set[int]:
        return {number for number, each in enumerate(self.held_by) if each == holder}

    def is_up(self, link: Link, at: datetime) -> bool:
        """Whether no link of its chain has ended."""
        return not any(each.has_ended(at) for each in link.chain)

    def holds(self, link: Link, at: datetime) -> bool:
        """And nobody in it is locked."""
        parties = {party for each in link.chain for party in (each.by, each.to)}
        return self.is_up(link, at) and not parties & self.locked

    def covers(self, link: Link) -> set[int]:
        covered = self.held(link.holder)
        for each in link.chain:
            covered = covered & each.rows if each.extent is Extent.CHOSEN else covered - each.rows
        return covered

    def level_of(self, link: Link) -> Level:
        full = all(each.level is Level.FULL for each in link.chain)
        return Level.FULL if full else Level.READ_ONLY

    def end_of(self, link: Link) -> datetime | None:
        return min((each.expires_at for each in link.chain if each.expires_at), default=None)

    def reasons(self, person: int, at: datetime) -> list[Reason]:
        """All of them that come to something; own installations first, then by age."""
        if person in self.locked:
            return []
        me = self.people[person]
        own = Reason(None, Relation.OWNER, me, frozenset(self.held(me)), Level.FULL, None, ())
        granted = [self.reason(link) for link in self.links if link.to == person]
        return [
            each
            for each in (own, *granted)
            if each.numbers and (each.link is None or self.holds(each.link, at))
        ]

    def reason(self, link: Link) -> Reason:
        return Reason(
            link,
            link.relation,
            link.holder,
            frozenset(self.covers(link)),
            self.level_of(link),
            self.end_of(link),
            tuple(each.public_id for each in link.chain),
        )

    def acts_for(self, person: int, holder: str, at: datetime) -> bool:
        return self.people[person] == holder or any(
            link.to == person and link.holder == holder and not link.has_ended(at)
            for link in self.links
            if link.relation is Relation.REPRESENTATIVE
        )

    def governs(self, person: int, link: Link, at: datetime) -> bool:
        """Whether they may revoke, narrow or change it."""
        if person == link.to:
            return False
        if self.acts_for(person, link.holder, at):
            fellow = link.relation is Relation.REPRESENTATIVE
            return not fellow or self.people[person] == link.holder
        return any(each.to == person for each in link.chain[:-1])

    def must_refuse(self, new: Link, at: datetime) -> bool:
        """Whether this link, with the rows that were asked for, must not come into being."""
        assert new.by is not None
        nothing = new.extent is Extent.CHOSEN and not new.rows
        if {new.by, new.to} & self.locked or new.by == new.to or self.people[new.to] == new.holder:
            return True
        if new.is_due(at) or nothing or not new.rows <= self.held(new.holder):
            return True
        if new.above is None:
            given = new.relation in (Relation.DELEGATE, Relation.MANAGER)
            return not given or not self.acts_for(new.by, new.holder, at)
        above, end = new.above, self.end_of(new.above)
        covered = self.covers(above)
        snapshot = new.extent is Extent.EVERYTHING and above.extent is Extent.CHOSEN
        return (
            not self.is_up(above, at)
            or above.to != new.by
            or above.holder != new.holder
            or new.relation not in GIVES[above.relation]
            or new.to in [each.to for each in above.chain]
            or len(above.chain) >= DEPTH
            or (new.level is Level.FULL and self.level_of(above) is not Level.FULL)
            or (end is not None and (new.expires_at is None or new.expires_at > end))
            or not new.rows <= covered
            or (snapshot and not covered)
        )

    def state_of(self, link: Link, at: datetime) -> tuple[State, datetime | None]:
        """How it stands, with the first end in its chain and when that was."""
        if link.state is not State.ACTIVE:
            return link.state, link.ended_at
        ends = [
            (each.expires_at, State.EXPIRED, each)
            if each.state is State.ACTIVE
            else (each.ended_at, each.state, each)
            for each in link.chain
            if each.has_ended(at)
        ]
        if not ends:
            return State.ACTIVE, None
        when, state, first = min(ends, key=lambda each: each[0] or at)
        renounced_above = state is State.RENOUNCED and first is not link
        return State.REVOKED if renounced_above else state, when

    def end(self, link: Link, wanted: State, at: datetime) -> None:
        """Settle it, unless it was; an end that had come before stands."""
        if link.state is State.ACTIVE:
            state, when = self.state_of(link, at)
            link.state, link.ended_at = (wanted, at) if state is State.ACTIVE else (state, when)

    def below(self, link: Link) -> list[Link]:
        return [each for each in self.links if link in each.chain[:-1]]

    def narrow(self, link: Link, chosen: set[int], at: datetime) -> None:
        if not self.is_up(link, at):
            self.end(link, State.REVOKED, at)
            return
        gone = chosen & self.covers(link)
        for each in (link, *self.below(link)):
            if each.state is not State.ACTIVE:
                continue
            if each is link and each.extent is Extent.EVERYTHING:
                each.rows |= gone
                continue
            lost = bool(each.rows & gone)
            each.rows -= gone
            if lost and each.extent is Extent.CHOSEN and not each.rows:
                self.end(each, State.REVOKED, at)

    def transfer(self, moved: set[int], to: str, at: datetime) -> None:
        touched = [link for link in self.links if self.is_up(link, at)]
        for number in moved:
            self.held_by[number] = to
        for link in touched:
            if link.extent is Extent.EVERYTHING:
                continue  # what was excepted stays so, should it come back
            lost = bool(link.rows & moved)
            link.rows -= moved
            if lost and not link.rows:
                link.state, link.ended_at = State.ENDED, at

    def expire(self, at: datetime) -> None:
        for link in self.links:
            if link.is_due(at):
                self.end(link, State.EXPIRED, at)

    def settle(self, at: datetime) -> None:
        for link in self.links:  # those above come first
            if link.above is not None and link.above.state is not State.ACTIVE:
                self.end(link, State.REVOKED, at)
