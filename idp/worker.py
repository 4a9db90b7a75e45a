"""`idp worker`: sends the outbox, tells applications of ended sessions, reads uploaded lists and
sweeps what has come due.

Any number may run side by side.
"""

import logging
import signal
import threading
from types import FrameType
from urllib.parse import urlsplit

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from idp import clock
from idp.audit import SYSTEM, Event, record
from idp.extensions import transaction
from idp.invitations.bulk import services as uploads
from idp.invitations.bulk import work
from idp.listener import Listener
from idp.mail import CHANNEL
from idp.mail.delivery import Carrier, Outcome, deliver_next
from idp.mail.errors import ServerUnavailable
from idp.mail.smtp import Postman, Server
from idp.oauth.approvals import deciding
from idp.oauth.ciba import pings
from idp.oauth.ciba.pings import Pinger
from idp.oauth.logout import notices
from idp.oauth.logout.sending import Teller
from idp.sweeps import Sweeper

log = logging.getLogger(__name__)

POLL_SECONDS = 5.0  # for mails whose time to be tried again has come, and lost notifications
SWEEP_SECONDS = 5.0  # how often the table of sweeps is looked at
SHORTEST_PAUSE = 1.0  # while the mail server is away, doubled each time …
LONGEST_PAUSE = 60.0  # … up to this


@click.command("worker")
@with_appcontext
def command() -> None:
    """Send mails, tell applications, read uploads and do what has come due, until told to stop."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.run()


class Worker:
    """Loops of five kinds: mails in the thread of `run`, applications that are told or pinged,
    uploads and sweeps beside it; none waits for another."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = threading.Event()
        self._awake = threading.Event()  # there are mails
        self._uploaded = threading.Event()
        self._ended = threading.Event()  # sessions that applications are told of
        self._decided = threading.Event()  # what applications asked of people elsewhere
        self._sweeper = Sweeper(app)
        self._pause = SHORTEST_PAUSE

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Finish the mail, the upload and the sweep in hand and hear those applications out that
        are being told, then return from `run`."""
        self._stopping.set()
        self._awake.set()
        self._uploaded.set()
        self._ended.set()
        self._decided.set()

    def run(self) -> None:
        """Work until `stop`."""
        listener, beside = self._listener(), self._beside()
        for thread in (listener, *beside):
            thread.start()
        log.info("worker started")
        self._send()
        listener.stop()
        for thread in beside:
            thread.join()
        log.info("worker stopped")

    def _listener(self) -> Listener:
        """Wakes each loop when something was committed for it."""
        events = {
            CHANNEL: self._awake,
            uploads.CHANNEL: self._uploaded,
            deciding.CHANNEL: self._decided,
            notices.CHANNEL: self._ended,
        }
        address = self._app.config["DATABASE_URL"]
        return Listener(address, events, lambda name: events[name].set())

    def _beside(self) -> list[threading.Thread]:
        """The loops beside that of mails, a thread each."""
        loops = [
            ("sweeper", self._sweep),
            ("reader", self._read),
            *[("pinger", self._ping)] * pings.PARALLEL,
            ("teller", self._tell),
        ]
        return [threading.Thread(target=loop, name=name) for name, loop in loops]

    def _send(self) -> None:
        settings = self._app.config
        host = urlsplit(settings["ISSUER"]).hostname or "localhost"
        postman = Postman(Server.parse(settings["SMTP_URL"]), local_hostname=host)
        while not self._stopping.is_set():
            self._awake.clear()
            pause = self._deliver(postman)
            postman.rest()
            self._awake.wait(pause) if pause == POLL_SECONDS else self._stopping.wait(pause)

    def _deliver(self, postman: Postman) -> float:
        """Empty the outbox; returns how many seconds to wait for more."""
        try:
            while not self._stopping.is_set() and deliver_one(self._app, postman):
                self._pause = SHORTEST_PAUSE
        except ServerUnavailable as error:
            pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
            log.warning("mail server unavailable", extra={"reason": str(error), "seconds": pause})
            return pause
        except Exception:
            log.exception("delivery failed")
        return POLL_SECONDS

    def _ping(self) -> None:
        Pinger(self._app, self._decided).run(self._stopping)

    def _tell(self) -> None:
        Teller(self._app, self._ended).run(self._stopping)

    def _read(self) -> None:
        while not self._stopping.is_set():
            try:
                while not self._stopping.is_set() and work.check_next(self._app):
                    pass
            except Exception:
                log.exception("upload not checked")
            self._uploaded.wait(POLL_SECONDS)
            self._uploaded.clear()

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_SECONDS):
            self._sweeper.turn(self._stopping.is_set)


def deliver_one(app: Flask, carrier: Carrier) -> bool:
    """Try one mail in one transaction; False: nothing is due."""
    with app.app_context(), transaction():
        delivery = deliver_next(carrier, at=clock.now())
        if delivery is not None and delivery.outcome is Outcome.GIVEN_UP:
            record(
                Event.MAIL_GIVEN_UP,
                by=SYSTEM,
                mail=delivery.mail.message_id,
                template=delivery.mail.template,
                reason=delivery.reason,
            )
        return delivery is not None
