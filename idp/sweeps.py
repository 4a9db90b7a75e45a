"""What has to happen when its time comes, without anybody asking: one readable table.

Each sweep is a function of `at` that does a portion of what is due, in a transaction of its own,
and says how much it did; it is called again until nothing is left. Any number of workers may run:
an advisory lock lets one of them sweep at a time.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import text

from idp import clock, rate_limits
from idp.accounts import endings
from idp.accounts import purging as accounts_purging
from idp.accounts.recovery import factor_removals
from idp.accounts.recovery import purging as recovery_purging
from idp.admin import purging as admin_purging
from idp.contacts import purging as contacts_purging
from idp.evidence import purging as evidence_purging
from idp.extensions import db, transaction
from idp.grants import services as grants
from idp.invitations import purging as invitations_purging
from idp.invitations import services as invitations
from idp.mail import purging as mail_purging
from idp.mandates import purging as mandates_purging
from idp.oauth import keys
from idp.oauth import purging as oauth_purging
from idp.oauth.dpop import replays

log = logging.getLogger(__name__)

LOCK = 8_723_002  # any number of our own
MOST_ROUNDS = 1000  # of one sweep in one turn; the rest waits for the next turn

HALF_A_MINUTE = 30.0
TEN_MINUTES = 600.0


@dataclass(frozen=True, slots=True)
class Sweep:
    """`run(at)` every `seconds`; it returns how many things it dealt with."""

    name: str
    seconds: float
    run: Callable[[datetime], int]


SWEEPS = (
    Sweep("lapse invitations", HALF_A_MINUTE, invitations.lapse_due),
    Sweep("expire grants", HALF_A_MINUTE, grants.expire_due),
    Sweep("settle grants below", HALF_A_MINUTE, grants.settle_below),
    Sweep("end sessions", HALF_A_MINUTE, endings.end_due),
    Sweep("purge proofs", HALF_A_MINUTE, replays.purge),
    Sweep("remove second factors", HALF_A_MINUTE, factor_removals.carry_out_due),
    Sweep("purge accounts", TEN_MINUTES, accounts_purging.purge),
    Sweep("purge recovery", TEN_MINUTES, recovery_purging.purge),
    Sweep("purge invitations", TEN_MINUTES, invitations_purging.purge),
    Sweep("purge contacts", TEN_MINUTES, contacts_purging.purge),
    Sweep("purge mandates", TEN_MINUTES, mandates_purging.purge),
    Sweep("purge documents", TEN_MINUTES, evidence_purging.purge),
    Sweep("purge staff sessions", TEN_MINUTES, admin_purging.purge),
    Sweep("purge oauth", TEN_MINUTES, oauth_purging.purge),
    Sweep("rotate keys", HALF_A_MINUTE, keys.rotate_due),
    Sweep("purge rate limits", TEN_MINUTES, rate_limits.purge),
    Sweep("purge mails", TEN_MINUTES, mail_purging.purge),
)


class Sweeper:
    """Runs each sweep of the table when its interval has passed."""

    def __init__(self, app: Flask, sweeps: tuple[Sweep, ...] = SWEEPS) -> None:
        self._app = app
        self._due = {sweep: 0.0 for sweep in sweeps}

    def turn(self, stopping: Callable[[], bool]) -> None:
        """Run what is due; a sweep that fails is logged, and the others go on."""
        for sweep, due in self._due.items():
            if stopping():
                return
            if time.monotonic() >= due:
                self._due[sweep] = time.monotonic() + sweep.seconds
                self._sweep(sweep, stopping)

    def _sweep(self, sweep: Sweep, stopping: Callable[[], bool]) -> None:
        done = 0
        try:
            for _round in range(MOST_ROUNDS):
                with self._app.app_context():
                    portion = sweep_once(sweep)
                done += portion
                if not portion or stopping():
                    break
        except Exception:
            log.exception("sweep failed", extra={"sweep": sweep.name})
        if done:
            log.info("swept", extra={"sweep": sweep.name, "count": done})


def sweep_once(sweep: Sweep) -> int:
    """One portion in one transaction; 0 also when another worker is sweeping."""
    with transaction():
        free = db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": LOCK})
        return sweep.run(clock.now()) if free else 0
