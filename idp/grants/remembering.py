"""Which grants are part of the history of the account that received them."""

from sqlalchemy import Select, select

from idp.accounts.models import Account
from idp.grants.models import Grant

LATEST = 300


def received_by(account: Account) -> Select[str]:
    """The public ids of the latest that `account` received."""
    query = select(Grant.public_id).where(Grant.grantee_id == account.id)
    return query.order_by(Grant.id.desc()).limit(LATEST)
