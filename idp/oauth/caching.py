"""What each process keeps in memory of clients and keys, and how it hears that they changed.

Three things keep it true: the process that commits a change forgets at once, the others on NOTIFY
within milliseconds, and whatever NOTIFY misses is forgotten after half a minute.
"""

import os
import threading
import weakref
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

from flask import Flask, current_app
from sqlalchemy import event

from idp.extensions import db
from idp.listener import Listener, announce

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

CHANNEL = "oauth_changed"
FRESH_SECONDS = 30.0
MAXIMUM_ENTRIES = 10_000
EXTENSION = "oauth_caches"


class Cache(Generic[K, V]):
    """Values by key, read anew by `load` when they are missing or older than half a minute.

    What `load` doesn't find is not remembered, so that strangers can't fill the memory.
    """

    def __init__(self, load: Callable[[K], V | None], listen: Callable[[], None]) -> None:
        self._load = load
        self._listen = listen
        self._entries: dict[K, tuple[V, float]] = {}

    def find(self, key: K) -> V | None:
        """The value of `key`, from memory if it is fresh."""
        self._listen()
        entries = self._entries  # a value read before `clear` goes into the dict that it dropped
        known = entries.get(key)
        if known is not None and monotonic() < known[1]:
            return known[0]
        value = self._load(key)
        if value is not None:
            if len(entries) >= MAXIMUM_ENTRIES:
                entries.clear()
            entries[key] = (value, monotonic() + FRESH_SECONDS)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._entries = {}


class Caches:
    """The caches of one application in this process, and the thread that listens for them."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._caches: list[Cache[str, object]] = []
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._is_listening = False
        forked = weakref.WeakMethod(self._forked)
        os.register_at_fork(after_in_child=lambda: (noted := forked()) and noted())

    def add(self, load: Callable[[str], V | None]) -> Cache[str, V]:
        """A new cache that is cleared with the others."""
        cache = Cache(load, self.listen)
        self._caches.append(cache)  # type: ignore[arg-type]
        return cache

    def clear(self) -> None:
        """Forget everything in this process."""
        for cache in self._caches:
            cache.clear()

    def listen(self) -> None:
        """Start the listening thread of this process: threads don't survive a fork."""
        if self._is_listening:
            return
        with self._lock:
            if not self._is_listening:
                self._is_listening = True
                self._listener = self._made()
                self._listener.start()

    def _forked(self) -> None:
        """In the child: nobody listens there yet."""
        self._is_listening, self._listener = False, None

    def _made(self) -> Listener:
        """One that doesn't keep the application alive, and ends with it."""
        caches = weakref.ref(self)

        def heard(_channel: str) -> None:
            if (alive := caches()) is not None:
                alive.clear()

        listener = Listener(self._database_url, [CHANNEL], heard)
        weakref.finalize(self, listener.stop)
        return listener

    def wait(self, seconds: float) -> bool:
        """Whether this process hears of every change, at the latest after so many seconds."""
        return self._listener is not None and self._listener.listening.wait(seconds)

    def stop(self) -> None:
        """End the listening thread; for processes that make several applications."""
        if self._listener is not None:
            self._listener.stop()


def init_app(app: Flask) -> Caches:
    """The caches of `app`; they begin to listen when they are first asked."""
    caches = Caches(app.config["DATABASE_URL"])
    app.extensions[EXTENSION] = caches
    return caches


def changed() -> None:
    """Have every process read clients and keys anew once this transaction is committed."""
    caches: Caches = current_app.extensions[EXTENSION]
    announce(CHANNEL)
    event.listen(db.session(), "after_commit", lambda _session: caches.clear(), once=True)
