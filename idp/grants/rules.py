"""Who may do what with a grant, and how it ends. Pure: the moment is passed as `at`."""

from datetime import datetime
from enum import StrEnum

from idp.accounts.models import Account
from idp.audit import Actor
from idp.errors import NotAllowed
from idp.grants.errors import EndInThePast, GrantToOneself, NoInstallations
from idp.grants.models import Grant, State
from idp.taxids import TaxId


class Part(StrEnum):
    """Whose side of a grant an actor is on."""

    HOLDER = "holder"  # gave it
    GRANTEE = "grantee"  # received it
    STAFF = "staff"  # of the utility; `admin.rules` says which roles
    SYSTEM = "system"  # the worker and the import
    STRANGER = "stranger"


class Act(StrEnum):
    """What can be done with a grant."""

    SEE = "see"
    REVOKE = "revoke"
    NARROW = "narrow"  # end the access to some of the installations
    RENOUNCE = "renounce"
    END = "end"  # because its end date came, or what it covers changed holder


PERMISSIONS: dict[Part, frozenset[Act]] = {
    Part.HOLDER: frozenset({Act.SEE, Act.REVOKE, Act.NARROW}),
    Part.GRANTEE: frozenset({Act.SEE, Act.RENOUNCE}),
    Part.STAFF: frozenset({Act.SEE, Act.REVOKE, Act.NARROW}),
    Part.SYSTEM: frozenset({Act.END}),
    Part.STRANGER: frozenset(),
}


def part_of(actor: Actor, grant: Grant) -> Part:
    """The side of `grant` that `actor` is on; an application is a stranger."""
    if actor.kind == "staff":
        return Part.STAFF
    if actor.kind == "system":
        return Part.SYSTEM
    if actor.kind == "account" and actor.reference == grant.granted_by.public_id:
        return Part.HOLDER
    if actor.kind == "account" and actor.reference == grant.grantee.public_id:
        return Part.GRANTEE
    return Part.STRANGER


def may(actor: Actor, act: Act, grant: Grant) -> bool:
    """Whether the table allows it."""
    return act in PERMISSIONS[part_of(actor, grant)]


def check_may(actor: Actor, act: Act, grant: Grant) -> None:
    """Raises `NotAllowed` where `may` is false."""
    if not may(actor, act, grant):
        raise NotAllowed


def is_active(grant: Grant, at: datetime) -> bool:
    """Whether it stands at this moment; the record of its expiry may come a little later."""
    return grant.state is State.ACTIVE and not is_due(grant, at)


def is_due(grant: Grant, at: datetime) -> bool:
    """Whether its end date has come."""
    return grant.expires_at is not None and grant.expires_at <= at


def next_state(grant: Grant, wanted: State, at: datetime) -> State | None:
    """Where the grant goes when it is to end as `wanted`; None if it has ended before.

    Every state but `active` is final, and an end date that has come wins over a later wish.
    """
    if grant.state is not State.ACTIVE:
        return None
    return State.EXPIRED if is_due(grant, at) else wanted


def shown_state(grant: Grant, at: datetime) -> State:
    """The state to tell people: `expired` from the end date on, not from its record on."""
    if grant.state is State.ACTIVE and is_due(grant, at):
        return State.EXPIRED
    return grant.state


def check_issuable(
    holder: TaxId,
    granted_by: Account,
    to: Account,
    *,
    installations: int,
    expires_at: datetime | None,
    at: datetime,
) -> None:
    """Raises `NotAllowed`, `GrantToOneself`, `NoInstallations` or `EndInThePast`."""
    if granted_by.locked_at is not None or to.locked_at is not None:
        raise NotAllowed
    if to.tax_id == holder or to.id == granted_by.id:
        raise GrantToOneself
    if installations == 0:
        raise NoInstallations
    if expires_at is not None and expires_at <= at:
        raise EndInThePast
