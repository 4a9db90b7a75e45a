"""Take mails from the outbox in order of need and hand them to the mail server.

The row stays locked from the claim to the commit that records the outcome. A worker that dies in
between leaves the mail as it was, and another takes it up (docs/adr/0003-mail-at-least-once.md).
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from enum import StrEnum
from typing import Protocol

from prometheus_client import Counter
from sqlalchemy import select

from idp.extensions import db
from idp.mail.errors import Postponed, Refused, ServerUnavailable
from idp.mail.messages import build
from idp.mail.models import Mail
from idp.mail.rendering import render
from idp.mail.rules import is_hopeless, pause_after

log = logging.getLogger(__name__)

MAILS = Counter("mails_total", "Mails handled by the worker", ["template", "outcome"])


class Outcome(StrEnum):
    """What became of a mail."""

    SENT = "sent"  # the server took it
    POSTPONED = "postponed"  # tried again later
    GIVEN_UP = "given_up"  # refused for good, or too old


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try; `reason` is a code, empty when the mail was sent."""

    mail: Mail
    outcome: Outcome
    reason: str = ""


class Carrier(Protocol):
    """Whoever takes a message to the server: `smtp.Postman`, or a test's stand-in."""

    def send(self, message: Message) -> None:
        """Raises `ServerUnavailable`, `Postponed` or `Refused`."""


def deliver_next(carrier: Carrier, *, at: datetime) -> Delivery | None:
    """Try the most urgent mail that is due and that no other worker holds; None: there is none.

    Raises `ServerUnavailable` with nothing changed: the caller rolls back and waits.
    """
    mail = claim(at)
    if mail is None:
        return None
    mail.attempts += 1
    delivery = _try(mail, carrier, at)
    db.session.flush()
    MAILS.labels(mail.template, delivery.outcome).inc()
    _tell(delivery)
    return delivery


def claim(at: datetime) -> Mail | None:
    """Lock the next mail to send; those that other workers hold are passed over."""
    return db.session.scalar(
        select(Mail)
        .where(Mail.sent_at.is_(None), Mail.failed_at.is_(None), Mail.due_at <= at)
        .order_by(Mail.priority, Mail.due_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _try(mail: Mail, carrier: Carrier, at: datetime) -> Delivery:
    try:
        carrier.send(build(mail, render(mail), at=at))
    except ServerUnavailable:
        raise
    except Refused as refusal:
        return _give_up(mail, refusal.reason, at)
    except Postponed as delay:
        return _postpone(mail, delay.reason, at)
    except Exception:
        # A template that can't be rendered must not hold up the mails behind it.
        log.exception("mail can't be built", extra={"mail": mail.message_id})
        return _postpone(mail, "not_rendered", at)
    mail.sent_at = at
    return Delivery(mail, Outcome.SENT)


def _postpone(mail: Mail, reason: str, at: datetime) -> Delivery:
    if is_hopeless(mail.created_at, at=at):
        return _give_up(mail, reason, at)
    jitter = secrets.randbelow(1001) / 1000
    mail.due_at = at + pause_after(mail.attempts, jitter=jitter)
    return Delivery(mail, Outcome.POSTPONED, reason)


def _give_up(mail: Mail, reason: str, at: datetime) -> Delivery:
    mail.failed_at = at
    return Delivery(mail, Outcome.GIVEN_UP, reason)


def _tell(delivery: Delivery) -> None:
    log.log(
        logging.INFO if delivery.outcome is Outcome.SENT else logging.WARNING,
        "mail %s",
        delivery.outcome,
        extra={
            "mail": delivery.mail.message_id,
            "template": delivery.mail.template,
            "attempt": delivery.mail.attempts,
            "reason": delivery.reason,
        },
    )
