"""`python -m demo [run|reset|totp]`: the commands behind `make run`, `make reset`, `make totp`."""

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from demo import credentials, people, welcome
from demo.home import Home, home_of
from demo.settings import Ports
from demo.stack import Stack, StartFailed, free_port

DEFAULT_PORT = 8000
LARGEST_PORT = 65534
WATCH_SECONDS = 0.2


def run(home: Home) -> None:
    """Start everything, say so, and wait for Ctrl-C or for a process that ends by itself."""
    home.prepare()
    port, profile = _port(), _profile()
    lock = _lock(home)
    stack = Stack(home, Ports(port, port + 1, free_port()), lock=lock, profile=profile)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    try:
        print("Starting …", flush=True)
        stack.start()
        print(welcome.text(stack.ports, stack.secrets, people.CASTS[profile]), flush=True)
        while (dead := stack.family.find_dead()) is None:
            time.sleep(WATCH_SECONDS)
        sys.exit(
            f"{dead.name} ended with status {dead.process.returncode}. Its log:\n{dead.tail()}"
        )
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    except StartFailed as error:
        sys.exit(str(error))
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        stack.stop()


def reset(home: Home) -> None:
    """Throw the demo's data away; refused while it runs."""
    if home.root.exists():
        home.prepare()
        _lock(home)
        shutil.rmtree(home.root)
    print("The demo's data is gone. `make run` starts afresh.")


def totp(home: Home) -> None:
    """Print the staff's codes of this moment."""
    try:
        secrets = credentials.read(home.secrets)
    except FileNotFoundError:
        sys.exit("There is no demo yet: `make run` makes one.")
    for role, line in welcome.codes(secrets)[:-1]:
        print(f"{role:<{welcome.WIDTH}}{line}")


COMMANDS: dict[str, Callable[[Home], None]] = {"run": run, "reset": reset, "totp": totp}


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _port() -> int:
    text = os.environ.get("PORT", str(DEFAULT_PORT))
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= LARGEST_PORT:
        sys.exit(f"PORT must be a number from 1 to {LARGEST_PORT}, not {text!r}.")
    return int(text)


def _profile() -> str:
    profile = os.environ.get("IDP_PROFILE", "").strip() or people.DEFAULT
    if profile not in people.CASTS:
        known = ", ".join(sorted(people.CASTS))
        sys.exit(f"IDP_PROFILE: the demo has people for {known}, not for {profile!r}.")
    return profile


def _lock(home: Home) -> int:
    """Hold the demo's lock until this process and its guard are gone."""
    descriptor = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("The demo is running already (or just stopping). Stop it first, with Ctrl-C.")
    return descriptor


if __name__ == "__main__":
    command = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else "run")
    if command is None:
        sys.exit(f"usage: python -m demo [{'|'.join(COMMANDS)}]")
    command(home_of(_profile(), people.DEFAULT))
