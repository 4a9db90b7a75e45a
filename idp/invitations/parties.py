"""The holders whom an account may act for, and whether it may invite anybody at all."""

from sqlalchemy import exists, select

from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.invitations import rules
from idp.registry.models import Holder, Installation, InstallationStatus
from idp.taxids import TaxId


def holders_of(account: Account) -> list[Holder]:
    """Those in whose name `account` may invite: today its own tax id, if the registry knows it."""
    own = db.session.get(Holder, account.tax_id)
    return [own] if own else []


def check_may_offer(account: Account) -> None:
    """Raises `OwnershipUnproven` or `NothingToOffer`."""
    active = exists().where(
        Installation.holder_tax_id == account.tax_id,
        Installation.status == InstallationStatus.ACTIVE,
    )
    rules.check_may_offer(
        account.assurance, has_active_installation=bool(db.session.scalar(select(active)))
    )


def check_may_act_for(account: Account, holder: TaxId) -> None:
    """Raises `NotFound` for a holder that is none of this account's."""
    if holder not in [each.tax_id for each in holders_of(account)]:
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
