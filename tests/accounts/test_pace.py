"""Answers that could tell who is known leave at set moments."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from idp.accounts.pace import rest_of
from tests.accounts.test_no_enumeration import FORMS
from tests.browsing import post

STEP = 0.1  # seconds
SIGN_IN = "/login"  # one hash whoever asks; nothing else is done for somebody known


@given(taken=st.floats(0, 10), step=st.floats(0.001, 1))
def test_work_and_wait_together_are_whole_steps(taken: float, step: float) -> None:
    steps = (taken + rest_of(step, taken)) / step
    assert steps == pytest.approx(round(steps), abs=1e-6)
    assert 0 <= rest_of(step, taken) <= step


def test_a_step_of_nothing_is_no_wait() -> None:
    assert rest_of(0, 0.3) == 0


@pytest.mark.parametrize("path", [path for path in FORMS if path != SIGN_IN])
def test_these_forms_answer_at_the_end_of_a_step(
    app: Flask, client: FlaskClient, path: str
) -> None:
    app.config["ANSWER_STEP_MILLISECONDS"] = int(STEP * 1000)
    client.get(path)  # what is made once is made
    began = time.monotonic()
    answer = post(client, path, FORMS[path])
    assert answer.status_code < 400
    assert time.monotonic() - began >= STEP
