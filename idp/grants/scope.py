"""What is given, and whether it may be. Pure: the moment is passed as `at`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from idp.accounts.models import Account
from idp.errors import NotAllowed
from idp.grants import rules
from idp.grants.errors import (
    ChainTooLong,
    EndInThePast,
    GrantToOneself,
    LongerThanAbove,
    NoInstallations,
    NothingAbove,
    WiderThanAbove,
)
from idp.grants.models import Extent, Grant, Level, Relation
from idp.taxids import TaxId


@dataclass(frozen=True, slots=True)
class Scope:
    """On whose installations, as what, how far, and until when."""

    holder: TaxId
    relation: Relation
    level: Level
    extent: Extent
    ends_at: datetime | None = None  # None: until it is taken back
    parent: Grant | None = None  # the link that the giver acts by; None: the holder's side


def check_parties(holder: TaxId, granted_by: Account | None, to: Account) -> None:
    """Raises `NotAllowed` when either is locked, and `GrantToOneself`."""
    if to.locked_at is not None or (granted_by is not None and granted_by.locked_at is not None):
        raise NotAllowed
    if to.tax_id == holder or (granted_by is not None and to.id == granted_by.id):
        raise GrantToOneself


def check_extent(extent: Extent, installations: int) -> None:
    """Raises `NoInstallations` when nothing was chosen."""
    if extent is Extent.CHOSEN and installations == 0:
        raise NoInstallations


def check_end(ends_at: datetime | None, at: datetime) -> None:
    """Raises `EndInThePast`."""
    if ends_at is not None and ends_at <= at:
        raise EndInThePast


def check_below(
    links: Sequence[Grant],
    scope: Scope,
    *,
    granted_by: Account | None,
    to: Account | None,
    depth: int,
    at: datetime,
) -> None:
    """Whether `scope` may be given under `links`, those from the holder down to its parent.

    The caller has locked them. `to` is None while it is only known who is invited; `depth` is how
    many links a chain may have. Raises `NothingAbove` when one of them has ended, `NotAllowed` when
    the giver doesn't stand there, for this holder, or may not give this relation, `GrantToOneself`
    when the receiver stands in the chain already, `ChainTooLong`, `WiderThanAbove` and
    `LongerThanAbove`.
    """
    if not rules.stands(links, at):
        raise NothingAbove
    _check_giver(links[-1], scope, granted_by)
    if to is not None and to.id in [link.grantee_id for link in links]:
        raise GrantToOneself
    if len(links) >= depth:
        raise ChainTooLong
    if scope.level is Level.FULL and rules.level_of(links) is not Level.FULL:
        raise WiderThanAbove
    end = rules.end_of(links)
    if end is not None and (scope.ends_at is None or scope.ends_at > end):
        raise LongerThanAbove


def _check_giver(parent: Grant, scope: Scope, granted_by: Account | None) -> None:
    stands_there = granted_by is not None and parent.grantee_id == granted_by.id
    is_same_holder = parent.holder_tax_id == scope.holder
    if not (stands_there and is_same_holder and scope.relation in rules.MAY_GIVE[parent.relation]):
        raise NotAllowed
