"""A device's request, and how its code leads a person to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from idp.extensions import db
from idp.oauth.approvals import asking, rules
from idp.oauth.approvals.models import PendingApproval
from idp.oauth.approvals.wanted import Wanted
from idp.oauth.device import codes

LIFE = timedelta(minutes=15)  # to walk to a telephone and sign in there
MAXIMUM_USER_AGENT = 256


@dataclass(frozen=True, slots=True)
class Begun:
    """What the device is told."""

    device_code: str
    user_code: str
    expires_in: int  # seconds
    interval: int  # seconds


def begin(
    wanted: Wanted, *, details: str, address: str | None, user_agent: str, at: datetime
) -> Begun:
    """Put the request down; nobody's until somebody types the code."""
    user_code = codes.new()
    while db.session.scalar(select(PendingApproval.id).where(has_code(user_code))):
        user_code = codes.new()
    row, secret = asking.begin(
        wanted,
        details=details,
        life=LIFE,
        at=at,
        user_code_digest=codes.digest(user_code),
        address=address,
        user_agent=user_agent[:MAXIMUM_USER_AGENT],
    )
    return Begun(secret, user_code, int(LIFE.total_seconds()), row.interval)


def has_code(user_code: str) -> ColumnElement[bool]:
    """The condition on the one request with this code."""
    return PendingApproval.user_code_digest == codes.digest(user_code)


def find_open(user_code: str, *, at: datetime) -> PendingApproval | None:
    """The request that this code is of, while it can be decided."""
    row = db.session.scalar(select(PendingApproval).where(has_code(user_code)))
    return row if row is not None and rules.is_open(row, at=at) else None
