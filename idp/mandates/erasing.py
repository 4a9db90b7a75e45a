"""What happens to the requests of an account that is erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from idp.accounts.models import Account
from idp.accounts.signals import account_erased
from idp.audit import Actor
from idp.extensions import db
from idp.mandates import drafting, sending
from idp.mandates.models import MandateRequest, RequestState


def subscribe() -> None:
    """Hear of every account that is erased."""
    account_erased.connect(on_erased)


def on_erased(_sender: Any, *, account: Account, by: Actor, at: datetime, **_kwargs: Any) -> bool:
    """Withdraw what awaits staff, forget drafts; whether it ever sent a request.

    One that is sent or decided this moment is locked, and passed over: an approval waits for the
    account, and is then refused.
    """
    own = select(MandateRequest).where(MandateRequest.account_id == account.id)
    unsettled = own.where(MandateRequest.state.in_((RequestState.DRAFT, RequestState.OPEN)))
    free = unsettled.order_by(MandateRequest.id).with_for_update(skip_locked=True)
    for request in db.session.scalars(free.execution_options(populate_existing=True)).all():
        if request.state is RequestState.DRAFT:
            drafting.discard(request)
        else:
            sending.take_back(request, account=account, by=by, at=at)
    sent = exists().where(
        MandateRequest.account_id == account.id, MandateRequest.state != RequestState.DRAFT
    )
    return bool(db.session.scalar(select(sent)))
