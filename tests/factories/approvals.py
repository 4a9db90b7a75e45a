"""What applications ask of people elsewhere, made without an endpoint."""

from datetime import timedelta
from typing import Any

from idp import clock
from idp.accounts.models import Account
from idp.extensions import db
from idp.oauth.approvals import asking
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.approvals.wanted import Wanted
from idp.oauth.clients import RegisteredClient
from idp.oauth.device import services

SCOPE = "openid profile grants"


def a_call(client: RegisteredClient, account: Account, **values: Any) -> PendingApproval:
    """A call in which the person is asked, committed."""
    row, _secret = asking.begin(
        _wanted(client),
        details="",
        life=timedelta(minutes=5),
        at=clock.now(),
        account_id=account.id,
        **{"binding_message": "Atendimento 4711", **values},
    )
    db.session.commit()
    return row


def a_device_code(client: RegisteredClient, address: str = "192.0.2.7") -> str:
    """The code that a device shows, committed."""
    begun = services.begin(
        _wanted(client), details="", address=address, user_agent="kiosk", at=clock.now()
    )
    db.session.commit()
    return begun.user_code


def _wanted(client: RegisteredClient) -> Wanted:
    return Wanted(client, SCOPE, client.default_resource(), ())
