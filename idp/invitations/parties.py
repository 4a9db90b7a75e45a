"""The holders whom an account may act for, and whether it may invite anybody at all."""

from datetime import datetime

from sqlalchemy import exists, select

from idp.accounts.models import Account, Assurance
from idp.errors import NotFound
from idp.extensions import db
from idp.grants import acting
from idp.invitations import rules
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


def segments_of(holder: TaxId) -> list[str]:
    """The market segments in which the holder has active installations, in stable order."""
    return list(
        db.session.scalars(
            select(Installation.segment)
            .where(
                Installation.holder_tax_id == holder,
                Installation.status == InstallationStatus.ACTIVE,
            )
            .distinct()
            .order_by(Installation.segment)
        )
    )
