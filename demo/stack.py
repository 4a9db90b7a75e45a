"""The whole service on one machine: what `make run` and the journeys' tests start."""

import random
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from demo import credentials, people, postgres, settings
from demo.home import Home
from demo.processes import Child, Family
from demo.settings import Ports

LOOPBACK = "127.0.0.1"
READY_SECONDS = 60
WORKERS = 2
THREADS = 4


class StartFailed(Exception):
    """The demo can't start; the text says why, for the person at the terminal."""


class PortTaken(StartFailed):
    """Another program listens where the demo wants to."""


@dataclass(slots=True)
class Stack:
    """PostgreSQL, mail server, web server, worker and example application."""

    home: Home
    ports: Ports
    durable: bool = True  # False: faster, for tests
    lock: int | None = None
    profile: str = people.DEFAULT  # one of `people.CASTS`
    family: Family = field(init=False)
    secrets: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is started yet."""
        self.home.prepare()
        self.family = Family(self.home.logs, self.lock)
        self.secrets = credentials.ensure(self.home.secrets)

    def start(self) -> None:
        """Start everything in order; raises StartFailed, and then nothing is left running."""
        try:
            check_free(self.ports.provider)
            check_free(self.ports.example)
            self._clear_traces()
            self.start_database()
            self.run("migrate", [_script("idp"), "db", "upgrade"])
            self.run("seed", [sys.executable, "-m", "demo.data"])
            self.start_mail()
            self.start_web()
            self.start_worker()
            self.start_example()
            self.wait_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything, the database last."""
        self.family.stop()

    def start_database(self) -> None:
        """Start PostgreSQL, with its data made the first time."""
        postgres.initialise(self.home.postgres)
        command = postgres.command(self.home.postgres, durable=self.durable)
        child = self.family.start("postgres", command, settings.bare(), signal.SIGINT)
        try:
            postgres.wait(self.home.postgres, child.process)
        except RuntimeError as error:
            raise StartFailed(f"{error}:\n{child.tail()}") from error
        postgres.ensure_database(self.home.postgres, settings.DATABASE)

    def start_mail(self) -> Child:
        """Start the mail server."""
        command = [sys.executable, "-m", "demo.smtp", str(self.ports.smtp), str(self.home.mail)]
        return self.family.start("mail", command, settings.bare())

    def start_web(self) -> Child:
        """Start the provider's web server."""
        environment = settings.provider(self.home, self.ports, self.secrets, self.profile)
        return self._serve("web", "demo.web:create_app", self.ports.provider, WORKERS, environment)

    def start_worker(self) -> Child:
        """Start the background worker."""
        environment = settings.provider(self.home, self.ports, self.secrets, self.profile)
        return self.family.start("worker", [_script("idp"), "worker"], environment)

    def start_example(self) -> Child:
        """Start the relying application; one process, as it keeps its sessions in memory."""
        environment = settings.example(self.ports, self.secrets)
        target = "examples.segunda_via:create_app"
        return self._serve("example", target, self.ports.example, 1, environment)

    def wait_ready(self) -> None:
        """Return when provider and application answer; raises StartFailed."""
        self._wait_for("web", f"http://{LOOPBACK}:{self.ports.provider}/readyz")
        self._wait_for("example", f"http://{LOOPBACK}:{self.ports.example}/healthz")

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run a command of the service to its end; raises StartFailed with what it said."""
        environment = settings.seeding(self.home, self.ports, self.secrets, self.profile)
        child = self.family.start(name, command, environment)
        status = child.process.wait()
        del self.family.children[name]
        if status:
            raise StartFailed(f"{name} failed:\n{child.tail()}")

    def _serve(
        self, name: str, target: str, port: int, workers: int, environment: dict[str, str]
    ) -> Child:
        options = {"--host": LOOPBACK, "--port": port, "--interface": "wsgi", "--workers": workers}
        options |= {"--blocking-threads": THREADS, "--workers-kill-timeout": 5}
        words = [str(part) for pair in options.items() for part in pair]
        flags = ["--no-ws", "--no-access-log", "--respawn-failed-workers", "--factory"]
        return self.family.start(name, [_script("granian"), *words, *flags, target], environment)

    def _wait_for(self, name: str, address: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.family.find_dead() is None:
            if answers(address):
                return
            time.sleep(0.05)
        blamed = self.family.find_dead() or self.family.children[name]
        raise StartFailed(f"{blamed.name} did not start:\n{blamed.tail()}")

    def _clear_traces(self) -> None:
        """Logs and counters are those of one run."""
        for directory in (self.home.logs, self.home.metrics):
            shutil.rmtree(directory)
            directory.mkdir(mode=0o700)


def answers(address: str) -> bool:
    """Whether a GET there is answered with 200."""
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - http, our own
            return bool(response.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def check_free(port: int) -> None:
    """Raise PortTaken when something listens on `port` of the loopback address already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} is in use by another program. Stop it, or choose another port: "
                f"PORT={port + 1000} make run"
            ) from error


def free_port() -> int:
    """A port on which nothing listens now, and that no connection is given in the meantime: Linux
    takes those from 32768 on. Browsers refuse a few below 10100."""
    while True:
        port = random.randrange(10_100, 32_000)  # noqa: S311 - nothing to keep secret
        with suppress(PortTaken):
            check_free(port)
            return port


def _script(name: str) -> str:
    return str(Path(sys.executable).parent / name)
