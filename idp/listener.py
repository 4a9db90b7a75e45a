"""LISTEN/NOTIFY: what one process changes, every other one hears within milliseconds.

A web worker uses it to drop cached clients and keys, the background worker to wake up.
"""

import logging
import threading
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import text

from idp.extensions import db

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 1.0
STOP_SECONDS = 5.0


def announce(channel: str) -> None:
    """Tell every listener of `channel`, once this transaction is committed and only then."""
    db.session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})


class Listener(threading.Thread):
    """Calls `heard(channel)` for each notification, and for each channel after a reconnection.

    The second part matters: while the connection was away anything may have changed, so whoever
    listens starts afresh.
    """

    def __init__(
        self, database_url: str, channels: Iterable[str], heard: Callable[[str], None]
    ) -> None:
        super().__init__(name="listener", daemon=True)
        self._database_url = database_url
        self._channels = tuple(channels)
        self._heard = heard
        self._stopped = threading.Event()
        self.listening = threading.Event()  # set while nothing that is announced can be missed

    def run(self) -> None:
        """Listen until `stop`, reconnecting after a pause whenever the connection is lost."""
        while not self._stopped.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                self.listening.clear()
                if not self._stopped.is_set():
                    log.warning("listener lost", extra={"reason": type(error).__name__})
            self._stopped.wait(RECONNECT_SECONDS)

    def stop(self) -> None:
        """End soon: within `STOP_SECONDS`, or when the connection is lost."""
        self._stopped.set()

    def _listen(self) -> None:
        with psycopg.connect(
            self._database_url, autocommit=True, application_name="outorga listener"
        ) as connection:
            for channel in self._channels:
                connection.execute(f"LISTEN {channel}".encode())
            for channel in self._channels:
                self._heard(channel)
            self.listening.set()
            while not self._stopped.is_set():
                for notification in connection.notifies(timeout=STOP_SECONDS):
                    self._heard(notification.channel)
