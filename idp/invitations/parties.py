"""The holders whom an account may act for, and whether it may invite anybody at all."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select

from idp.accounts.models import Account, Assurance
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import acting
from idp.invitations import rules
from idp.invitations.conditions import of_segment
from idp.registry.models import Holder, Installation, InstallationStatus
from idp.taxids import TaxId


def holders_of(account: Account, at: datetime) -> list[Holder]:
    """Those in whose name `account` may invite: itself, and the companies it represents."""
    return acting.holders_for(account, at)


def check_may_begin(account: Account, at: datetime) -> None:
    """Raises `OwnershipUnproven` or `NothingToOffer` for somebody who can invite nobody at all."""
    holders = holders_of(account, at)
    assurance = Assurance.PROVEN if holders else account.assurance
    active = exists().where(
        Installation.holder_tax_id.in_([holder.tax_id for holder in holders]),
        Installation.status == InstallationStatus.ACTIVE,
    )
    rules.check_may_offer(
        assurance, has_active_installation=bool(db.session.scalar(select(active)))
    )


def check_may_offer(account: Account, holder: TaxId, at: datetime) -> None:
    """Raises `NotFound` for a holder that is none of this account's, `OwnershipUnproven` and
    `NothingToOffer`."""
    check_may_act_for(account, holder, at)
    assurance = account.assurance if account.tax_id == holder else Assurance.PROVEN
    active = exists().where(
        Installation.holder_tax_id == holder, Installation.status == InstallationStatus.ACTIVE
    )
    rules.check_may_offer(
        assurance, has_active_installation=bool(db.session.scalar(select(active)))
    )


def check_may_act_for(account: Account, holder: TaxId, at: datetime) -> None:
    """Raises `NotFound` for a holder that is none of this account's, proven or not."""
    if account.tax_id != holder and not acting.acts_for(account, holder, at):
        raise NotFound


def segments_of(holders: Iterable[Holder]) -> list[str]:
    """The market segments in which they have active installations, in stable order."""
    return list(
        db.session.scalars(
            select(Installation.segment)
            .where(
                Installation.holder_tax_id.in_([holder.tax_id for holder in holders]),
                Installation.status == InstallationStatus.ACTIVE,
            )
            .distinct()
            .order_by(Installation.segment)
        )
    )


def holders_in(account: Account, segment: str | None, at: datetime) -> list[Holder]:
    """Those of `holders_of` with active installations in the segment; None or `all`: in any."""
    holders = holders_of(account, at)
    has_any = exists().where(
        Installation.holder_tax_id == Holder.tax_id,
        Installation.status == InstallationStatus.ACTIVE,
        *of_segment(segment),
    )
    asked = Holder.tax_id.in_([holder.tax_id for holder in holders])
    found = set(db.session.scalars(select(Holder.tax_id).where(asked, has_any)))
    return [holder for holder in holders if holder.tax_id in found]
