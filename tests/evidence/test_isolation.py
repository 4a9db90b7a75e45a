"""Whatever a file makes of the libraries that read it, the service goes on."""

import subprocess
import sys
import threading
import time

import pytest
from flask import Flask

from idp.evidence import isolation
from idp.evidence.checks import inspect
from idp.evidence.errors import ExaminationBusy
from idp.evidence.examination.verdicts import STATUSES, Verdict
from idp.evidence.models import MediaType
from tests.factories.evidence import a_picture

FAULTY = """
import sys
sys.path.append(sys.argv.pop(1))
import examination.__main__ as child
child.LIMITS[child.resource.RLIMIT_CPU] = 1
child.examine = lambda *_file: {fault}
child.main()
"""


@pytest.mark.parametrize(
    "fault",
    [
        "sum(iter(lambda: 0, 1))",  # never ends
        "bytes(2 * 1024**3)",
        "__import__('tempfile').TemporaryFile(buffering=0).write(b'x')",
        "child.sys.exit(3)",
        "__import__('os').abort()",  # as a fault in C does
        "child.sys.exit(0)",  # no fault at all, and no verdict
        "child.sys.stdout.write('fine' * 10**8)",
    ],
)
def test_a_fault_in_the_examination_is_a_refusal(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "START", FAULTY.format(fault=fault))
    assert isolation.examine(MediaType.PNG, a_picture()) is Verdict.TOO_COMPLEX


def test_an_examination_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "START", "import time; time.sleep(60)")
    monkeypatch.setattr(isolation, "SECONDS", 0.5)
    assert isolation.examine(MediaType.PNG, a_picture()) is Verdict.TOO_COMPLEX


def test_who_sends_many_slow_files_holds_nobody_up_for_long(
    migrated_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are examined at once; whoever comes then is told, and keeps no connection waiting."""
    monkeypatch.setattr(isolation, "START", "import time; time.sleep(60)")
    monkeypatch.setattr(isolation, "SECONDS", 3.0)
    monkeypatch.setattr(isolation, "WAITING", 0.2)
    slow = [threading.Thread(target=isolation.examine, args=(MediaType.PNG, b"")) for _ in range(2)]
    for thread in slow:
        thread.start()
    time.sleep(0.3)
    with migrated_app.app_context(), pytest.raises(ExaminationBusy):
        inspect("a.png", a_picture())
    for thread in slow:
        thread.join(10)
    monkeypatch.undo()
    assert isolation.examine(MediaType.PNG, a_picture()) is Verdict.FINE


def test_the_examination_knows_no_secret_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 32)
    fine, active = STATUSES[Verdict.FINE], STATUSES[Verdict.ACTIVE]
    said = f"import os, sys; sys.exit({active} if 'SECRET_KEY' in os.environ else {fine})"
    monkeypatch.setattr(isolation, "START", said)
    assert isolation.examine(MediaType.PNG, a_picture()) is Verdict.FINE


def test_the_examination_loads_nothing_of_the_service() -> None:
    loaded = "runpy.run_module('examination', run_name='there'); print('idp' in sys.modules)"
    start = f"import runpy, sys; sys.path.append({isolation.HERE!r}); {loaded}"
    ended = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-I", "-c", start], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "False\n"
