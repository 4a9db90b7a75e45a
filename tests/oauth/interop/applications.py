"""Relying applications in processes of their own."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

SECONDS = 60.0  # to start, and to end: long, for a machine that runs other tests too


@contextmanager
def running(
    command: Sequence[str], folder: Path, port: int, environment: dict[str, str]
) -> Iterator[None]:
    """The process in `folder`, from when it listens until the end of the block."""
    log = folder / "output"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - applications of our own
            command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=output
        )
    try:
        _wait(process, port, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"did not start: {log.read_text(errors='replace')}")
