"""Who is signed in, and with which tokens: kept here on the server, never in the browser.

The cookie carries a random name only. This store lives in memory, so it needs a single process and
forgets everyone when it restarts; behind a balancer, keep the same in your database or cache.
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from flask import Flask, current_app, session

LIFE_SECONDS = 12 * 3600


@dataclass
class Visit:
    """One signed-in browser."""

    name: str
    id_token: str
    access_token: str
    refresh_token: str
    expires_at: float  # Unix time at which the access token ends
    seen: dict[str, str] = field(default_factory=dict)  # installation → holder, shown so far
    paid: set[str] = field(default_factory=set)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(8))  # in references of uses
    told: set[str] = field(default_factory=set)  # references of uses, taken or on their way
    untold: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # grant id, use
    telling: threading.Lock = field(default_factory=threading.Lock)
    # Refresh tokens work once: two requests at the same time must not send the same one.
    refreshing: threading.Lock = field(default_factory=threading.Lock)
    ends_at: float = field(default_factory=lambda: time.time() + LIFE_SECONDS)


class Visits:
    """All of them, by the name in the cookie."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}

    def begin(self, visit: Visit) -> None:
        """Sign this browser in under a new name, so that nobody can have planted it."""
        self.end()
        now = time.time()
        for name, other in list(self._visits.items()):
            if other.ends_at < now:
                self._visits.pop(name, None)
        session["visit"] = secrets.token_urlsafe(32)
        self._visits[session["visit"]] = visit

    def find(self) -> Visit | None:
        """The visit of this browser."""
        visit = self._visits.get(session.get("visit", ""))
        return visit if visit and visit.ends_at > time.time() else None

    def end(self) -> Visit | None:
        """Sign this browser out of this application; returns the visit that ended."""
        visit = self._visits.pop(session.get("visit", ""), None)
        session.clear()
        return visit


def init_app(app: Flask) -> None:
    """Begin with nobody."""
    app.extensions["visits"] = Visits()


def visits() -> Visits:
    """The visits of this application."""
    found: Visits = current_app.extensions["visits"]
    return found
