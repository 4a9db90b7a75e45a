"""Start the examination of a file in a process of its own.

Libraries that read PDFs and pictures have faults, and files are made to find them: what they can
take here is five seconds and a gigabyte, without the service's memory, settings or connections.
Whoever sends many of them keeps others from sending documents, and from nothing else.
"""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from idp.evidence.examination.verdicts import STATUSES, Verdict
from idp.evidence.models import MediaType

WAITING = 3.0  # seconds until a turn
SECONDS = 15.0  # on the clock; the process has less on its own
START = """
import runpy, sys
sys.path.append(sys.argv.pop(1))
runpy.run_module("examination", run_name="__main__")
"""
HERE = str(Path(__file__).parent)
VERDICTS = {status: verdict for verdict, status in STATUSES.items()}

_turns = BoundedSemaphore(2)  # examinations at once in one process of ours


class TooBusy(Exception):
    """Others' files are being examined; this one was not looked at."""


def examine(media_type: MediaType, data: bytes) -> Verdict:
    """What is to be said about a file that begins like this kind; raises TooBusy."""
    if not _turns.acquire(timeout=WAITING):
        raise TooBusy
    try:
        ended = subprocess.run(  # noqa: S603 - ourselves, with one of three known words
            [sys.executable, "-I", "-B", "-c", START, HERE, media_type.value],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Verdict.TOO_COMPLEX
    finally:
        _turns.release()
    return VERDICTS.get(ended.returncode, Verdict.TOO_COMPLEX)
