"""Answers to strangers that leave at set moments, so that their time tells nothing.

What is done for somebody known and for somebody unknown is as alike as we could make it, and never
quite the same: a row more here, one less there, tenths of a millisecond that enough tries bring to
light. So these answers wait for the end of a step, which is longer than the work.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app

from idp.extensions import release

P = ParamSpec("P")
R = TypeVar("R")


def paced(view: Callable[P, R]) -> Callable[P, R]:
    """Hold what `view` answers or raises until `ANSWER_STEP_MILLISECONDS` are over, or two or three
    times as long where the work took longer."""

    @wraps(view)
    def waiting(*args: P.args, **kwargs: P.kwargs) -> R:
        began = time.monotonic()
        try:
            answer = view(*args, **kwargs)
            release()  # nobody waits for a connection that only waits
            return answer
        finally:
            step = current_app.config["ANSWER_STEP_MILLISECONDS"] / 1000
            time.sleep(rest_of(step, time.monotonic() - began))

    return waiting


def rest_of(step: float, taken: float) -> float:
    """What is left of the last step that was begun; seconds, as both arguments. A step of 0 is no
    wait."""
    return -taken % step if step else 0.0
