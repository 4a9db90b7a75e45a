"""Start the examination of a file in a process of its own.

Libraries that read PDFs and pictures have faults, and files are made to find them: what they can
take here is ten seconds and a gigabyte, without the service's memory, settings or connections.
"""

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from idp.evidence.examination.verdicts import Verdict
from idp.evidence.models import MediaType

SECONDS = 20  # on the clock; the process has less on its own
START = """
import runpy, sys
sys.path.append(sys.argv.pop(1))
runpy.run_module("examination", run_name="__main__")
"""
HERE = str(Path(__file__).parent)

_turns = BoundedSemaphore(2)  # examinations at once in one process of ours


def examine(media_type: MediaType, data: bytes) -> Verdict:
    """What is to be said about a file that begins like this kind."""
    with _turns:
        try:
            ended = subprocess.run(  # noqa: S603 - ourselves, with one of three known words
                [sys.executable, "-I", "-B", "-c", START, HERE, media_type.value],
                input=data,
                capture_output=True,
                timeout=SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Verdict.TOO_COMPLEX
    said = ended.stdout.decode().strip()
    return Verdict(said) if ended.returncode == 0 else Verdict.TOO_COMPLEX
