"""Who may do what with a grant, and how it ends. Pure: the moment is passed as `at`."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from idp.errors import NotAllowed
from idp.grants.models import Grant, Level, Relation, State


class Part(StrEnum):
    """What somebody is to a grant."""

    OWNER = "owner"  # holds the installations; towards them, not towards a grant
    HOLDER = "holder"  # acts for the holder: the owner, or who represents the company
    FELLOW = "fellow"  # acts for the same company as the representative whose link this is
    ABOVE = "above"  # gave this link, or stands higher in its chain
    REPRESENTATIVE = "representative"  # this and the next three: received this very link
    DELEGATE = "delegate"
    MANAGER = "manager"
    COLLABORATOR = "collaborator"
    STAFF = "staff"  # of the utility; `admin.rules` says which roles
    SYSTEM = "system"  # the worker and the import
    STRANGER = "stranger"


class Act(StrEnum):
    """What can be done with a grant, or by it."""

    SEE = "see"
    ACT = "act"  # use the installations, as its level allows
    INVITE = "invite"  # give access on; `MAY_GIVE` says which
    CHANGE_LEVEL = "change_level"
    REVOKE = "revoke"
    NARROW = "narrow"  # end the access to some of the installations
    RENOUNCE = "renounce"
    REVIEW = "review"  # the documents behind it
    END = "end"  # because its end date came, or what it covers changed holder


# The whole of it, in one place.
PERMISSIONS: dict[Part, frozenset[Act]] = {
    Part.OWNER: frozenset({Act.SEE, Act.ACT, Act.INVITE}),
    Part.HOLDER: frozenset({Act.SEE, Act.CHANGE_LEVEL, Act.REVOKE, Act.NARROW}),
    Part.FELLOW: frozenset({Act.SEE}),
    Part.ABOVE: frozenset({Act.SEE, Act.CHANGE_LEVEL, Act.REVOKE, Act.NARROW}),
    Part.REPRESENTATIVE: frozenset({Act.SEE, Act.ACT, Act.INVITE, Act.RENOUNCE}),
    Part.DELEGATE: frozenset({Act.SEE, Act.ACT, Act.RENOUNCE}),
    Part.MANAGER: frozenset({Act.SEE, Act.ACT, Act.INVITE, Act.RENOUNCE}),
    Part.COLLABORATOR: frozenset({Act.SEE, Act.ACT, Act.RENOUNCE}),
    Part.STAFF: frozenset({Act.SEE, Act.REVOKE, Act.NARROW, Act.REVIEW}),
    Part.SYSTEM: frozenset({Act.END}),
    Part.STRANGER: frozenset(),
}
# Which relations each relation may give on; what a representative is comes from documents alone.
MAY_GIVE: dict[Relation, frozenset[Relation]] = {
    Relation.OWNER: frozenset({Relation.DELEGATE, Relation.MANAGER}),
    Relation.REPRESENTATIVE: frozenset({Relation.DELEGATE, Relation.MANAGER}),
    Relation.DELEGATE: frozenset(),
    Relation.MANAGER: frozenset({Relation.MANAGER, Relation.COLLABORATOR}),
    Relation.COLLABORATOR: frozenset(),
}
RECEIVED = {relation: Part(relation.value) for relation in Relation}


def allows(part: Part, act: Act) -> bool:
    """Whether the table says so."""
    return act in PERMISSIONS[part]


def is_divisible(grant: Grant) -> bool:
    """Whether it can be made to allow less, or on less: a representative acts in full, for all of
    the company, or not at all. What is kept from them they could give to anybody else."""
    return grant.relation is not Relation.REPRESENTATIVE


def check_allows(part: Part, act: Act) -> None:
    """Raises `NotAllowed` where `allows` is false."""
    if not allows(part, act):
        raise NotAllowed


def is_active(grant: Grant, at: datetime) -> bool:
    """Whether this link stands at this moment; the record of its expiry may come a little later."""
    return grant.state is State.ACTIVE and not is_due(grant, at)


def stands(links: Sequence[Grant], at: datetime) -> bool:
    """Whether every link of a chain does."""
    return all(is_active(link, at) for link in links)


def is_due(grant: Grant, at: datetime) -> bool:
    """Whether its end date has come."""
    return grant.expires_at is not None and grant.expires_at <= at


def first_ended(links: Sequence[Grant], at: datetime) -> Grant | None:
    """The one of them that ended before the others, and all below it with it; the highest of
    those that ended at one moment."""
    ended = [link for link in links if not is_active(link, at)]
    return min(ended, key=lambda link: ended_at(link) or at, default=None)


def ended_at(link: Grant) -> datetime | None:
    """When it ended by itself, also where that is not on record yet."""
    return link.expires_at if link.state is State.ACTIVE else link.ended_at


def next_state(links: Sequence[Grant], wanted: State, at: datetime) -> State | None:
    """Where the last of `links` goes when it is to end as `wanted`; None if it has ended before.

    Every state but `active` is final, and an end that has come already, its own or that of a link
    above, wins over a later wish.
    """
    if links[-1].state is not State.ACTIVE:
        return None
    shown = shown_state(links, at)
    return wanted if shown is State.ACTIVE else shown


def shown_state(links: Sequence[Grant], at: datetime) -> State:
    """The state to tell people, of the last of `links` (from the holder down).

    `expired` from the end date on, not from its record on; and as the link that ended first, since
    nothing below it stands.
    """
    grant, first = links[-1], first_ended(links, at)
    if grant.state is not State.ACTIVE or first is None:
        return grant.state
    state = State.EXPIRED if first.state is State.ACTIVE else first.state
    return state if first is grant else state_below(state)


def state_below(state: State) -> State:
    """How a link ends when the one above ended as `state`."""
    return State.REVOKED if state is State.RENOUNCED else state


def level_of(links: Sequence[Grant]) -> Level:
    """What all of them allow together."""
    full = all(link.level is Level.FULL for link in links)
    return Level.FULL if full else Level.READ_ONLY


def end_of(links: Sequence[Grant]) -> datetime | None:
    """The earliest end of them; None: none has one."""
    return min((link.expires_at for link in links if link.expires_at), default=None)


def may_give(links: Sequence[Grant], depth: int) -> frozenset[Relation]:
    """Which relations the last of `links` may give on, in a chain of at most `depth` links."""
    return MAY_GIVE[links[-1].relation] if len(links) < depth else frozenset()
