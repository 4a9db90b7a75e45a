"""Write the trail, in the transaction of the step that it records; read a thing's history."""

from collections.abc import Collection
from typing import Any, Literal

from flask import has_request_context
from prometheus_client import Counter
from sqlalchemy import insert, select

from idp import clock
from idp.audit.actors import Actor
from idp.audit.events import Event
from idp.audit.models import AuditEvent
from idp.client_address import client_address
from idp.extensions import db

APPEND = insert(AuditEvent)  # built once: a step is recorded in nearly every request
EVENTS = Counter("trail_events_total", "Steps recorded in the audit trail", ["event"])


def record(
    event: Event,
    *,
    by: Actor,
    account: str | None = None,
    invitation: str | None = None,
    grant: str | None = None,
    client: str | None = None,
    **data: Any,
) -> None:
    """Append one event about the things with these public ids.

    `data` is JSON for people who investigate: counts, reasons, channels. No secrets, no tax ids.
    """
    EVENTS.labels(event.value).inc()
    row = {
        "at": clock.now(),
        "event": event.value,
        "actor": str(by),
        "account": account,
        "invitation": invitation,
        "grant": grant,
        "client": client,
        "address": client_address() if has_request_context() else None,
        "data": data,
    }
    db.session.connection().execute(APPEND, row)


def history_of(
    subject: Literal["account", "invitation", "grant", "client"],
    reference: str,
    *,
    limit: int = 100,
    before: int | None = None,
    among: Collection[Event] = (),
) -> list[AuditEvent]:
    """The latest events about one thing, newest first, only those `among` if any are named;
    `before` (an event's id) pages on."""
    column = AuditEvent.__table__.c[subject]
    query = select(AuditEvent).where(column == reference).order_by(AuditEvent.id.desc())
    if before is not None:
        query = query.where(AuditEvent.id < before)
    if among:
        query = query.where(AuditEvent.event.in_([each.value for each in among]))
    return list(db.session.scalars(query.limit(limit)))
