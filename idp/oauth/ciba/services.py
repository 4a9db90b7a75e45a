"""Begin to ask: a row that waits, and a letter to the person.

Whether somebody has an account is told to the utility's own applications, which know their
customers. To any other, a hint that names nobody is a request that nobody answers: it waits, and
its time goes by. A letter that isn't sent takes the time of one that is.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from idp import sealing
from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.errors import TooManyAttempts
from idp.extensions import release
from idp.mail import Priority, notify, pretend
from idp.oauth.approvals import asking
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.ciba import people
from idp.oauth.ciba.errors import TooManyRequests, UnknownUserId
from idp.oauth.ciba.requests import AuthenticationRequest
from idp.rate_limits import Limit

# By whom the hint names, whether we know them or not. Not by account: that would show that a tax id
# and an address are the same person's.
BY_NAME = Limit("ciba.name", 5, timedelta(minutes=2))


@dataclass(frozen=True, slots=True)
class Begun:
    """What the application is told (section 7.3)."""

    auth_req_id: str
    expires_in: int  # seconds
    interval: int  # seconds


def find_person(asked: AuthenticationRequest) -> Account | None:
    """Whom to ask; raises `UnknownUserId` for an application that may know, and `TooManyRequests`
    for everybody, known or not."""
    named = people.meant(asked)
    release()  # the attempt is counted on a connection of its own
    try:
        BY_NAME.hit(str(named))
    except TooManyAttempts as error:
        raise TooManyRequests() from error
    account = people.find(named)
    if account is None and asked.wanted.client.first_party:
        raise UnknownUserId()
    return account


def begin(asked: AuthenticationRequest, account: Account | None, *, at: datetime) -> Begun:
    """Put the request down and write to the person, if there is one."""
    row, auth_req_id = asking.begin(
        asked.wanted,
        details=asked.details,
        life=asked.life,
        at=at,
        account_id=account.id if account else None,
        two_factors=asked.two_factors,
        binding_message=asked.binding_message,
    )
    if asked.notification_token:
        carried = {"token": asked.notification_token, "auth_req_id": auth_req_id}
        row.sealed_ping = sealing.seal(json.dumps(carried))
    _tell(row, account, asked)
    return Begun(auth_req_id, int(asked.life.total_seconds()), row.interval)


def _tell(row: PendingApproval, account: Account | None, asked: AuthenticationRequest) -> None:
    client = asked.wanted.client
    if account is None:
        pretend()
    else:
        notify(
            "oauth_approval",
            to=account.recipient,
            priority=Priority.WAITING,
            application=client.metadata.client_name,
            approval=row.public_id,
            expires_at=row.expires_at.isoformat(timespec="minutes"),
        )
    record(
        Event.APPROVAL_ASKED,
        by=Actor("client", client.client_id),
        account=account.public_id if account else None,
        client=client.client_id,
    )
