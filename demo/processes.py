"""Start processes in one group, watch them, stop them in order, never leave one behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 10.0
TAIL_LINES = 20


@dataclass(slots=True)
class Child:
    """A running process of the demo; `stop_signal` is its polite one."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: signal.Signals

    def stop(self) -> None:
        """End it, by force when it does not go in time."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def tail(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])


@dataclass(slots=True)
class Family:
    """Every process of one demo, in the order in which they were started."""

    logs: Path
    lock: int | None = None  # a file descriptor that stays locked until the last process is gone
    children: dict[str, Child] = field(default_factory=dict)
    _guard: "subprocess.Popen[bytes] | None" = None

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> Child:
        """Run `command` as `name`, with its output in `<name>.log`."""
        guard = self._guard or self._start_guard()
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - commands of our own
                command,
                cwd="/" if name == "postgres" else ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=guard.pid,
            )
        self.children[name] = Child(name, process, log, stop_signal)
        return self.children[name]

    def find_dead(self) -> Child | None:
        """A child that ended by itself, if there is one."""
        return next((c for c in self.children.values() if c.process.poll() is not None), None)

    def stop(self) -> None:
        """End the children, the last started first, and then the guard with what they left."""
        for child in reversed(self.children.values()):
            child.stop()
        self.children.clear()
        if self._guard is not None:
            os.killpg(self._guard.pid, signal.SIGKILL)
            self._guard.communicate()
            self._guard = None

    def _start_guard(self) -> "subprocess.Popen[bytes]":
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "demo.guard"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,
            pass_fds=() if self.lock is None else (self.lock,),
        )
        if self._guard.stdout is None or self._guard.stdout.readline() != b"ready\n":
            raise RuntimeError("the guard did not start")
        return self._guard
