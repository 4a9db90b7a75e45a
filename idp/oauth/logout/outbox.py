"""Take notices, and note what became of them.

A notice is taken by moving the time at which it is tried next: a process that dies meanwhile leaves
it to be tried again. No transaction is open while the application is asked.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from prometheus_client import Counter
from sqlalchemy import delete, select, update
from sqlalchemy.orm import joinedload

from idp.audit import SYSTEM, Event, record
from idp.extensions import db
from idp.oauth import clients
from idp.oauth.clients import RegisteredClient
from idp.oauth.logout import rules, tokens
from idp.oauth.logout.models import LogoutNotice
from idp.oauth.logout.rules import Outcome

log = logging.getLogger(__name__)

NOTICES = Counter("logout_notices_total", "Ended sessions told to applications", ["outcome"])
REST = timedelta(seconds=30)  # of an application that failed, before its other notices are tried


@dataclass(frozen=True, slots=True)
class Try:
    """A notice on its way: the token lives for two minutes, so each try has its own."""

    notice_id: int
    client: RegisteredClient
    sid: str
    attempts: int
    created_at: datetime
    token: str  # not encrypted yet: that may take another question to its host


def take(count: int, *, at: datetime) -> list[Try]:
    """Up to `count` notices that are due and that no other worker takes this moment."""
    due = db.session.scalars(
        select(LogoutNotice)
        .options(joinedload(LogoutNotice.client, innerjoin=True))
        .where(LogoutNotice.due_at <= at)
        .order_by(LogoutNotice.due_at)
        .limit(count)
        .with_for_update(of=LogoutNotice, skip_locked=True)
    ).all()
    taken = [_taken(notice, at) for notice in due]
    db.session.flush()
    return [each for each in taken if each is not None]


def settle(tried: Try, status: int | None, *, at: datetime) -> Outcome:
    """Note the answer's status, None for no answer: the notice goes, or waits for its next try."""
    outcome = rules.outcome_of(status)
    patience = timedelta(seconds=current_app.config["LOGOUT_NOTICE_SECONDS"])
    if outcome is Outcome.POSTPONED:
        _let_rest(tried.client.key, at)
        if rules.is_hopeless(tried.created_at, patience=patience, at=at):
            outcome = Outcome.GIVEN_UP
    if outcome is not Outcome.POSTPONED:
        db.session.execute(delete(LogoutNotice).where(LogoutNotice.id == tried.notice_id))
    reason = "" if outcome is Outcome.TOLD else f"http_{status}" if status else "no_answer"
    if outcome is Outcome.GIVEN_UP:
        _record(tried, reason)
    _tell(tried, outcome, reason)
    return outcome


def _taken(notice: LogoutNotice, at: datetime) -> Try | None:
    """None when nobody is left to tell: the notice is gone then."""
    client = clients.find(notice.client.client_id)
    if client is None or not client.metadata.backchannel_logout_uri:
        db.session.delete(notice)
        return None
    notice.attempts += 1
    jitter = secrets.randbelow(1001) / 1000
    notice.due_at = at + rules.pause_after(notice.attempts, jitter=jitter)
    return Try(
        notice_id=notice.id,
        client=client,
        sid=notice.sid,
        attempts=notice.attempts,
        created_at=notice.created_at,
        token=tokens.issue(client, subject=notice.subject, sid=notice.sid, at=at),
    )


def _let_rest(client_key: int, at: datetime) -> None:
    """One that doesn't answer would otherwise keep the others waiting, five seconds a notice."""
    others = (
        select(LogoutNotice.id)
        .where(LogoutNotice.client_id == client_key, LogoutNotice.due_at < at + REST)
        .with_for_update(skip_locked=True)
    )
    resting = update(LogoutNotice).where(LogoutNotice.id.in_(others))
    no_sync = {"synchronize_session": False}
    db.session.execute(resting.values(due_at=at + REST), execution_options=no_sync)


def _record(tried: Try, reason: str) -> None:
    record(
        Event.LOGOUT_NOTICE_GIVEN_UP,
        by=SYSTEM,
        client=tried.client.client_id,
        session=tried.sid,
        reason=reason,
    )


def _tell(tried: Try, outcome: Outcome, reason: str) -> None:
    NOTICES.labels(outcome).inc()
    log.log(
        logging.INFO if outcome is Outcome.TOLD else logging.WARNING,
        "logout notice %s",
        outcome,
        extra={"client": tried.client.client_id, "attempt": tried.attempts, "reason": reason},
    )
