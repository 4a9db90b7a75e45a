"""LISTEN/NOTIFY: what one process changes, every other one hears within milliseconds.

A web worker uses it to drop cached clients and keys, the background worker to wake up.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import text

from idp.extensions import db

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 1.0


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

    def run(self) -> None:
        """Listen for ever, reconnecting after a pause whenever the connection is lost."""
        while True:
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("listener lost", extra={"reason": type(error).__name__})
            time.sleep(RECONNECT_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(
            self._database_url, autocommit=True, application_name="outorga listener"
        ) as connection:
            for channel in self._channels:
                connection.execute(f"LISTEN {channel}".encode())
            for channel in self._channels:
                self._heard(channel)
            for notification in connection.notifies():
                self._heard(notification.channel)
