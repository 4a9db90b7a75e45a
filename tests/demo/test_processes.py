"""Processes are stopped in order, and none outlives its supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from demo.processes import Family

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "for name in (signal.SIGTERM, signal.SIGINT): signal.signal(name, signal.SIG_IGN)\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "time.sleep(600)",
]
SUPERVISOR = """
import sys, time
from pathlib import Path
from demo.processes import Family
from tests.demo.test_processes import SLEEP, STUBBORN
family = Family(Path(sys.argv[1]))
children = [family.start("sleep", SLEEP, {}), family.start("stubborn", STUBBORN, {})]
print(family._guard.pid, *(child.process.pid for child in children), flush=True)
time.sleep(600)
"""


def wait_for_end(pids: list[int], seconds: float = 15) -> None:
    """Fail when one of these processes is still there after this time."""
    deadline = time.monotonic() + seconds
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, f"still running: {pids}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_for_children(pids: list[int]) -> list[int]:
    """The processes that these have started, at least one."""
    deadline = time.monotonic() + 10
    while not (found := [each.pid for pid in pids for each in psutil.Process(pid).children()]):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def test_a_supervisor_killed_outright_leaves_no_process_behind(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)], stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(word) for word in supervisor.stdout.readline().split()]
        family = wait_for_children(pids)
        os.kill(supervisor.pid, signal.SIGKILL)
    wait_for_end([*pids, *family])


def test_children_are_stopped_in_the_reverse_order_of_their_start(tmp_path: Path) -> None:
    family = Family(tmp_path)
    first, second = family.start("first", SLEEP, {}), family.start("second", SLEEP, {})
    stopped: list[str] = []
    for child in (first, second):
        original = child.process.wait
        child.process.wait = lambda *args, name=child.name, wait=original: (  # type: ignore[method-assign]
            stopped.append(name),
            wait(*args),
        )[1]
    family.stop()
    assert stopped == ["second", "first"]
    wait_for_end([first.process.pid, second.process.pid], 1)


def test_a_child_that_will_not_stop_is_ended_with_its_own_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.processes.STOP_SECONDS", 0.2)
    family = Family(tmp_path)
    stubborn = family.start("stubborn", STUBBORN, {})
    grandchildren = wait_for_children([stubborn.process.pid])
    family.stop()
    wait_for_end([stubborn.process.pid, *grandchildren], 2)
    assert not any(is_running(pid) for pid in [stubborn.process.pid, *grandchildren])


def test_a_child_that_ends_by_itself_is_found_with_its_last_words(tmp_path: Path) -> None:
    family = Family(tmp_path)
    try:
        family.start("well", SLEEP, {})
        family.start("ill", [sys.executable, "-c", "raise SystemExit('no more')"], {})
        deadline = time.monotonic() + 10
        while (dead := family.find_dead()) is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert (dead.name, dead.process.returncode, dead.tail()) == ("ill", 1, "no more")
    finally:
        family.stop()
