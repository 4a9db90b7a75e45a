"""Tell an application that a decision was made (CIBA section 10.2); it then asks what it is.

The rows themselves are the outbox: one is taken with a time at which it is tried again, the other
host is asked without a connection to the database, and what it said is noted.
"""

import json
import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Flask
from sqlalchemy import select

from idp import clock, outbound, sealing
from idp.extensions import db, release, transaction
from idp.oauth import clients
from idp.oauth.approvals.models import PendingApproval

log = logging.getLogger(__name__)

PARALLEL = 4  # applications pinged at once by one worker
POLL_SECONDS = 5.0  # for pings whose time to be tried again has come
FIRST_PAUSE = timedelta(seconds=10)  # doubled with every attempt, until the request's time is over
TAKEN = (HTTPStatus.OK, HTTPStatus.NO_CONTENT)  # section 10.2


@dataclass(frozen=True, slots=True)
class Ping:
    """One attempt."""

    row_id: int
    client_id: str
    token: str
    auth_req_id: str


class Pinger:
    """A loop of the worker's; several may run, each takes what no other has."""

    def __init__(self, app: Flask, awake: threading.Event) -> None:
        self._app = app
        self._awake = awake  # set when somebody decided

    def run(self, stopping: threading.Event) -> None:
        """Until told to stop; the attempt in hand is finished."""
        while not stopping.is_set():
            self._awake.clear()
            try:
                while not stopping.is_set() and send_next(self._app):
                    pass
            except Exception:
                log.exception("applications not pinged")
            if not stopping.is_set():
                self._awake.wait(POLL_SECONDS)


def send_next(app: Flask) -> bool:
    """Try one that is due; False: none is."""
    with app.app_context():
        with transaction():
            ping = _take(clock.now())
        if ping is None:
            return False
        if _is_taken(ping):
            with transaction():
                _done(ping)
        return True


def _take(at: datetime) -> Ping | None:
    row = db.session.scalar(
        select(PendingApproval)
        .where(PendingApproval.ping_due_at <= at)
        .order_by(PendingApproval.ping_due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    again = at + FIRST_PAUSE * 2**row.ping_attempts
    row.ping_due_at = again if again < row.expires_at else None
    row.ping_attempts += 1
    db.session.flush()
    carried = json.loads(sealing.unseal(row.sealed_ping or ""))
    return Ping(row.id, row.client.client_id, carried["token"], carried["auth_req_id"])


def _is_taken(ping: Ping) -> bool:
    """Redirects are not followed, and nothing is read but the status."""
    client = clients.find(ping.client_id)
    if client is None:
        return True  # nobody is left to tell
    release()
    try:
        answer = outbound.post(
            client.metadata.backchannel_client_notification_endpoint,
            body=json.dumps({"auth_req_id": ping.auth_req_id}).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {ping.token}"},
        )
    except outbound.Unreachable:
        return False
    if answer.status not in TAKEN:
        log.info("ping refused", extra={"client": ping.client_id, "status": answer.status})
    return answer.status in TAKEN


def _done(ping: Ping) -> None:
    row = db.session.get_one(PendingApproval, ping.row_id)
    row.ping_due_at, row.sealed_ping = None, None
