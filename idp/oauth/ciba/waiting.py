"""What waits for a person's decision."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from idp import clock
from idp.accounts.models import Account
from idp.errors import NotFound
from idp.extensions import db
from idp.oauth.approvals.models import ApprovalState, PendingApproval
from idp.oauth.models import Client

MOST = 5  # shown above a page


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the notice."""

    public_id: str
    application: str


def of(account: Account) -> list[Waiting]:
    """The latest requests that this person can still decide, for the notice on their pages."""
    rows = db.session.execute(
        select(PendingApproval.public_id, Client.metadata_["client_name"].astext)
        .join(Client, Client.id == PendingApproval.client_id)
        .where(
            PendingApproval.account_id == account.id,
            PendingApproval.state == ApprovalState.PENDING,
            PendingApproval.expires_at > clock.now(),
        )
        .order_by(PendingApproval.id.desc())
        .limit(MOST)
    )
    return [Waiting(*row) for row in rows]


def get(public_id: str, account: Account) -> PendingApproval:
    """One that this person was asked, decided or not; raises `NotFound`."""
    row = db.session.scalar(
        select(PendingApproval).where(
            PendingApproval.public_id == public_id,
            PendingApproval.account_id == account.id,
            PendingApproval.user_code_digest.is_(None),
        )
    )
    if row is None:
        raise NotFound()
    return row


def state_of(row: PendingApproval, *, at: datetime) -> str:
    """For the page: `open`, `late`, `allowed` or `denied`."""
    if row.state is ApprovalState.PENDING:
        return "open" if row.expires_at > at else "late"
    return "denied" if row.state is ApprovalState.DENIED else "allowed"
