"""Names end with the account that they are of."""

from typing import Any

from sqlalchemy import delete

from idp.accounts.models import Account
from idp.accounts.signals import account_erased
from idp.extensions import db
from idp.oauth.subjects.models import PairwiseSubject


@account_erased.connect
def forget(_sender: Any, *, account: Account, **_kwargs: Any) -> bool:
    """Also those from before there was an account. Nobody holds such a row: they are only added."""
    of_account = PairwiseSubject.account_id == account.id
    of_holder = PairwiseSubject.tax_id == account.tax_id
    db.session.execute(delete(PairwiseSubject).where(of_account | of_holder))
    return False
