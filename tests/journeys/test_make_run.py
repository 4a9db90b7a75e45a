"""`make run` itself: says where to go, keeps its data, and leaves nothing running behind it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from demo.processes import ROOT
from demo.stack import PortTaken, answers, check_free, free_port

# They share what a file starts, so they run one after the other (`tests.scheduling`).
pytestmark = [
    pytest.mark.journey,
    pytest.mark.timeout(300),
]

RUN = """
import sys
from pathlib import Path
from demo.__main__ import run
from demo.home import Home
run(Home(Path(sys.argv[1])))
"""
COMMAND = [sys.executable, "-c", RUN]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("make_run")
    for directory in (root, root.parent, root.parent.parent):
        directory.chmod(0o755)
    return root / "demo"


@pytest.fixture(scope="module")
def port() -> int:
    """One port for all starts; the one after it is free too."""
    while True:
        port = free_port()
        with suppress(PortTaken, OverflowError):
            check_free(port + 1)
            return port


@contextmanager
def running(home: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """The supervisor, from its first word until it was told to stop."""
    environment = {**os.environ, "PORT": str(port)}
    with subprocess.Popen(  # noqa: S603 - our own command
        [*COMMAND, str(home)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        stderr=subprocess.STDOUT,
    ) as supervisor:
        try:
            yield supervisor
        finally:
            supervisor.send_signal(signal.SIGINT)


def read_until(supervisor: "subprocess.Popen[str]", words: str) -> str:
    """What it says, up to and with the line that holds `words`."""
    assert supervisor.stdout is not None
    said = ""
    for line in supervisor.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without saying {words!r}:\n{said}")


def descendants(supervisor: "subprocess.Popen[str]") -> list[psutil.Process]:
    return psutil.Process(supervisor.pid).children(recursive=True)


def wait_for_end(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == []


def test_it_says_where_to_go_stays_alone_and_ctrl_c_stops_all_of_it(home: Path, port: int) -> None:
    with running(home, port) as supervisor:
        said = read_until(supervisor, "batch")
        assert f"http://localhost:{port + 1}" in said
        assert re.search(r"code now \d{6}", said)
        for address in (f"http://localhost:{port}/readyz", f"http://localhost:{port + 1}/"):
            assert answers(address)
        with running(home, free_port()) as second:
            assert "running already" in read_until(second, "running already")
            assert second.wait(20) == 1
        family = descendants(supervisor)
        assert len(family) >= 8
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(20) == 0
    wait_for_end(family)


def test_nothing_outlives_a_supervisor_that_was_killed(home: Path, port: int) -> None:
    secrets = (home / "secrets.env").read_text()
    with running(home, port) as supervisor:
        read_until(supervisor, "batch")
        assert (home / "secrets.env").read_text() == secrets
        family = descendants(supervisor)
        supervisor.kill()
    wait_for_end(family)


def test_the_next_run_keeps_the_data_until_a_process_dies_and_is_named(
    home: Path, port: int
) -> None:
    """After a run that was told to stop and one that was killed."""
    secrets = (home / "secrets.env").read_text()
    with running(home, port) as supervisor:
        read_until(supervisor, "batch")
        assert (home / "secrets.env").read_text() == secrets
        family = descendants(supervisor)
        (worker,) = (each for each in family if each.cmdline()[-1] == "worker")
        worker.kill()
        assert "worker ended with status -9" in read_until(supervisor, "worker ended")
        assert supervisor.wait(20) == 1
    wait_for_end(family)
