"""Put a request down, and answer the application that asks what became of it."""

from datetime import datetime, timedelta
from typing import Any

from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidGrantError
from authlib.oauth2.rfc8628 import AuthorizationPendingError, ExpiredTokenError, SlowDownError
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from idp.accounts.models import Account
from idp.audit import Actor, Event, record
from idp.extensions import db
from idp.identifiers import digest, public_id, secret_token
from idp.oauth.approvals import rules
from idp.oauth.approvals.models import ApprovalState, PendingApproval
from idp.oauth.approvals.rules import Outcome
from idp.oauth.approvals.wanted import Wanted
from idp.oauth.authorization import authorizations
from idp.oauth.authorization.statements import is_live
from idp.oauth.clients import RegisteredClient
from idp.oauth.models import Authorization

# What the channels say of a request, each its own part: a device's is nobody's and has a code that
# is typed, a call's names somebody and may be told of by a ping.
UNSAID: dict[str, Any] = {
    "account_id": None,
    "user_code_digest": None,
    "two_factors": False,
    "binding_message": "",
    "address": None,
    "user_agent": "",
    "sealed_ping": None,
}


def begin(
    wanted: Wanted, *, details: str, life: timedelta, at: datetime, **values: Any
) -> tuple[PendingApproval, str]:
    """The row, and the secret by which the application asks for the outcome; `details` are those of
    `wanted` as they were sent, `values` what of `UNSAID` the channel says."""
    secret = secret_token()
    row = PendingApproval(
        public_id=public_id("w"),
        secret_hash=digest(secret),
        client_id=wanted.client.key,
        scope=wanted.scope,
        resource=wanted.resource,
        authorization_details=details,
        interval=rules.INTERVAL,
        created_at=at,
        expires_at=at + life,
        state=ApprovalState.PENDING,
        ping_attempts=0,
        **{**UNSAID, **values},
    )
    db.session.add(row)
    db.session.flush()
    return row, secret


def collect(
    secret: str, client: RegisteredClient, *, of_device: bool, at: datetime
) -> Authorization:
    """What the person allowed, once: of two questions with the same secret the second waits, finds
    it used, and ends what the first was given (RFC 6749 section 4.1.2 says so of codes).

    Raises authorization_pending, slow_down, access_denied, expired_token or invalid_grant; what the
    question left behind is to be committed all the same.
    """
    row = _locked(secret, client)
    if row is None or (row.user_code_digest is not None) != of_device:
        raise InvalidGrantError()
    outcome = rules.outcome(row, at=at)
    row.polled_at = at
    if outcome is Outcome.TOO_SOON:
        row.interval += rules.SLOWER
    if outcome is Outcome.READY:
        row.state = ApprovalState.USED
    db.session.flush()
    if outcome is Outcome.SPENT:
        _end(row, client, at)
    if outcome is not Outcome.READY or (found := _live(row, at)) is None:
        raise REFUSALS.get(outcome, InvalidGrantError)()
    return found


REFUSALS = {
    Outcome.WAIT: AuthorizationPendingError,
    Outcome.TOO_SOON: SlowDownError,
    Outcome.DENIED: AccessDeniedError,
    Outcome.EXPIRED: ExpiredTokenError,
}


def _locked(secret: str, client: RegisteredClient) -> PendingApproval | None:
    return db.session.scalar(
        select(PendingApproval)
        .where(
            PendingApproval.secret_hash == digest(secret), PendingApproval.client_id == client.key
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _live(row: PendingApproval, at: datetime) -> Authorization | None:
    """The authorization, unless the person or their consent has gone since."""
    return db.session.scalar(
        select(Authorization)
        .join(Authorization.account)
        .where(Authorization.id == row.authorization_id, is_live(at))
        .options(contains_eager(Authorization.account))
    )


def _end(row: PendingApproval, client: RegisteredClient, at: datetime) -> None:
    if row.authorization_id is None or not authorizations.revoke(row.authorization_id, at=at):
        return
    account = db.session.get_one(Account, row.account_id)
    record(
        Event.CODE_REPLAYED,
        by=Actor("client", client.client_id),
        account=account.public_id,
        client=client.client_id,
    )
