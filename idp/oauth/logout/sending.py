"""Tell applications that sessions are over, several at a time (Back-Channel Logout section 2.5)."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait

from flask import Flask

from idp import clock, outbound
from idp.extensions import transaction
from idp.oauth.logout import outbox, tokens
from idp.oauth.logout.outbox import Try
from idp.oauth.tokens.encryption import NoKey

log = logging.getLogger(__name__)

PARALLEL = 16  # applications asked at once by one worker
POLL_SECONDS = 5.0  # for notices whose time to be tried again has come


class Teller:
    """One thread speaks with the database, up to `PARALLEL` others with applications.

    `awake` is set whenever there is something new: by whoever hears of an ended session, and by
    each answer.
    """

    def __init__(self, app: Flask, awake: threading.Event) -> None:
        self._app = app
        self._awake = awake
        self._asking: dict[Future[int | None], Try] = {}

    def run(self, stopping: threading.Event) -> None:
        """Until told to stop; what is on its way then is waited for."""
        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="teller") as pool:
            while not stopping.is_set():
                self._awake.clear()
                self._turn(pool)
                if not stopping.is_set():
                    self._awake.wait(POLL_SECONDS)
            wait(self._asking)
            self._turn(None)

    def _turn(self, pool: ThreadPoolExecutor | None) -> None:
        """Note what was answered, and ask as many others (none without `pool`)."""
        try:
            with self._app.app_context():
                self._settle()
                if pool is not None:
                    self._take(pool)
        except Exception:
            log.exception("applications not told")

    def _settle(self) -> None:
        for future in [each for each in self._asking if each.done()]:
            tried = self._asking.pop(future)
            with transaction():
                outbox.settle(tried, future.result(), at=clock.now())

    def _take(self, pool: ThreadPoolExecutor) -> None:
        free = PARALLEL - len(self._asking)
        if not free:
            return
        with transaction():
            taken = outbox.take(free, at=clock.now())
        for each in taken:
            future = pool.submit(ask, self._app, each)
            self._asking[future] = each
            future.add_done_callback(lambda _future: self._awake.set())


def ask(app: Flask, tried: Try) -> int | None:
    """The status of the answer, None for none; its body is of no interest."""
    address = tried.client.metadata.backchannel_logout_uri
    with app.app_context():
        try:
            form = {"logout_token": tokens.encrypted(tried.token, tried.client)}
            return outbound.post(address, form=form).status
        except (NoKey, outbound.Unreachable):
            return None
