"""Outbox rows for tests."""

from datetime import datetime

from sqlalchemy import select

from idp import clock
from idp.extensions import db
from idp.identifiers import public_id
from idp.mail import Priority
from idp.mail.models import Mail


def a_mail(*, at: datetime | None = None, **changes: object) -> Mail:
    """A queued mail of the tests' template, due at `at` (now unless given)."""
    moment = at or clock.now()
    values: dict[str, object] = {
        "message_id": public_id("m"),
        "template": "test_greeting",
        "priority": Priority.NOTICE,
        "recipient_name": "Maria da Silva",
        "recipient_address": "maria@example.com",
        "locale": "pt-BR",
        "context": {"word": "one"},
        "created_at": moment,
        "due_at": moment,
        "attempts": 0,
    }
    mail = Mail(**{**values, **changes})
    db.session.add(mail)
    db.session.commit()
    return mail


def queued() -> list[tuple[str, str]]:
    """Template and address of every mail in the outbox, in order."""
    rows = db.session.execute(select(Mail.template, Mail.recipient_address).order_by(Mail.id))
    return [(template, address) for template, address in rows]
