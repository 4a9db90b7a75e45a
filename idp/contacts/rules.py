"""What may be given on for a client, and what one wish means for several; no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from idp.contacts.errors import RelationNotAllowed, StandsAbove
from idp.grants import rules as grant_rules
from idp.grants.errors import LongerThanAbove, WiderThanAbove
from idp.grants.models import Extent, Grant, Level, Relation
from idp.invitations import days
from idp.invitations import rules as invitation_rules
from idp.taxids import TaxId

MAXIMUM_CLIENTS = 1000  # of one collaborator, added at once


@dataclass(frozen=True, slots=True)
class Client:
    """A holder for whom somebody manages: the links from the holder down to the manager's own."""

    links: Sequence[Grant]

    @property
    def grant(self) -> Grant:
        """The manager's own link."""
        return self.links[-1]

    @property
    def level(self) -> Level:
        """The most that may be given on."""
        return grant_rules.level_of(self.links)

    @property
    def ends_at(self) -> datetime | None:
        """When the manager's own access ends; None: no end date."""
        return grant_rules.end_of(self.links)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a manager wants a person to do for all the clients that were chosen."""

    relation: Relation
    level: Level
    extent: Extent
    ends_on: date | None  # the last day; None: as late as the manager's own access


def relations_for(clients: Sequence[Client], depth: int) -> frozenset[Relation]:
    """What a person may be made for every one of them, in chains of at most `depth` links.

    Nobody is made a manager who could give nothing on.
    """
    each = [grant_rules.may_give(client.links, depth) for client in clients]
    possible = frozenset.intersection(*each) if each else frozenset()
    is_last = any(len(client.links) + 1 >= depth for client in clients)
    return possible - {Relation.MANAGER} if is_last else possible


def level_for(clients: Sequence[Client]) -> Level:
    """The most that may be given on for one of them at least."""
    full = any(client.level is Level.FULL for client in clients)
    return Level.FULL if full else Level.READ_ONLY


def last_day_for(clients: Sequence[Client]) -> date | None:
    """The day on which the last of the manager's accesses ends; None: one of them has no end."""
    ends = [client.ends_at for client in clients]
    latest = max((end for end in ends if end), default=None)
    return None if latest is None or None in ends else days.today(latest)


def check_wish(wish: Wish, clients: Sequence[Client], *, depth: int, today: date) -> None:
    """Raises `RelationNotAllowed`, `WiderThanAbove`, `LongerThanAbove`, `EndDateTooSoon` or
    `EndDateTooLate`."""
    if wish.relation not in relations_for(clients, depth):
        raise RelationNotAllowed
    if wish.level is Level.FULL and level_for(clients) is not Level.FULL:
        raise WiderThanAbove
    invitation_rules.check_ends_on(wish.ends_on, today=today)
    last_day = last_day_for(clients)
    if wish.ends_on is not None and last_day is not None and wish.ends_on > last_day:
        raise LongerThanAbove


def check_person(guest: TaxId, clients: Sequence[Client], *, inviter: TaxId) -> None:
    """Raises `GuestIsCompany`, `OfferedToOneself`, and `StandsAbove` for a holder or manager from
    whom one of the accesses comes."""
    invitation_rules.check_guest(guest, holder=inviter, inviter=inviter)
    for client in clients:
        above = [client.grant.holder_tax_id, *(link.grantee.tax_id for link in client.links)]
        if guest in above:
            raise StandsAbove


def level_within(client: Client, wanted: Level) -> Level:
    """What is offered there: never more than the manager has."""
    return wanted if client.level is Level.FULL else Level.READ_ONLY


def end_within(client: Client, wanted: date | None) -> datetime | None:
    """When it ends there: never later than the manager's own access."""
    ends = [each for each in (days.end_of(wanted), client.ends_at) if each is not None]
    return min(ends, default=None)
