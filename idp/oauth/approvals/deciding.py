"""The person's decision, and what they are shown before it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from idp.accounts.models import BrowserSession
from idp.audit import Event, record
from idp.errors import Conflict
from idp.extensions import db
from idp.listener import announce
from idp.oauth.approvals import rules
from idp.oauth.approvals.models import ApprovalState, PendingApproval
from idp.oauth.approvals.wanted import Wanted
from idp.oauth.authorization import (
    agreements,
    authorization_details,
    consents,
    interaction,
    on_behalf,
)
from idp.oauth.authorization.authorization_details import Detail
from idp.oauth.authorization.on_behalf import Behalf
from idp.taxids import TaxId

CHANNEL = "approval_decided"


@dataclass(frozen=True, slots=True)
class Question:
    """What one person is asked: the request, and what of it is theirs to give."""

    wanted: Wanted
    session: BrowserSession
    holder: TaxId | None  # on whose behalf alone; None: of everybody whom they may act for
    details: list[Detail] | None  # None: none asked for; empty: nothing is theirs to give

    @property
    def is_impossible(self) -> bool:
        """Whether nothing that is asked for could be allowed by this person."""
        return self.details == []

    @property
    def seen(self) -> str:
        """Comes back with the decision, so that nothing else can be agreed to by it."""
        return interaction.fingerprint(self.details, Behalf(self.holder, may_pick=False))


def question(row: PendingApproval, session: BrowserSession, *, at: datetime) -> Question:
    """Raises `NotFound` where the client is no longer in use."""
    wanted = Wanted.of(row)
    holder = wanted.holder_for(session.account.tax_id)
    details = None
    if wanted.details:
        asked = on_behalf.narrowed(wanted.details, holder)
        details = authorization_details.grantable(asked, session.account, at=at)
    return Question(wanted, session, holder, details)


def lock(*which: ColumnElement[bool], at: datetime) -> PendingApproval:
    """The request, locked, so that of two decisions one counts; raises `Conflict` when it was
    decided before or its time is over."""
    row = db.session.scalar(
        select(PendingApproval)
        .where(*which)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or not rules.is_open(row, at=at):
        raise Conflict()
    return row


def allow(row: PendingApproval, asked: Question, *, at: datetime) -> None:
    """The application may, from its next question on."""
    account = asked.session.account
    consents.give(account, asked.wanted.client, asked.wanted.scopes, at=at)
    authorization = agreements.add(
        asked.wanted, asked.session, details=asked.details, holder=asked.holder, at=at
    )
    row.authorization_id = authorization.id
    _decide(row, ApprovalState.ALLOWED, asked.session, at)


def deny(row: PendingApproval, session: BrowserSession, *, at: datetime) -> None:
    """The application may not."""
    _decide(row, ApprovalState.DENIED, session, at)
    record(
        Event.APPROVAL_DENIED,
        by=session.account.actor,
        account=session.account.public_id,
        client=row.client.client_id,
    )


def _decide(
    row: PendingApproval, state: ApprovalState, session: BrowserSession, at: datetime
) -> None:
    row.state, row.decided_at, row.account_id = state, at, session.account_id
    if row.sealed_ping:
        row.ping_due_at = at
        announce(CHANNEL)
    db.session.flush()
