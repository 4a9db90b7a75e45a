from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from idp import clock, rate_limits
from idp.errors import TooManyAttempts
from idp.extensions import db
from idp.rate_limits import Limit, purge
from tests.together import at_once

FIVE = Limit("test", burst=5, interval=timedelta(seconds=60))


def attempts(limit: Limit, subject: str, count: int) -> int:
    """How many of `count` attempts pass."""
    passed = 0
    for _ in range(count):
        try:
            limit.hit(subject)
        except TooManyAttempts:
            continue
        passed += 1
    return passed


def at_second(monkeypatch: pytest.MonkeyPatch, start: object, seconds: float) -> None:
    moment = start + timedelta(seconds=seconds)  # type: ignore[operator]
    monkeypatch.setattr(rate_limits.clock, "now", lambda: moment)


def test_a_burst_passes_and_not_one_more(app: Flask) -> None:
    assert attempts(FIVE, "a", 8) == 5


def test_subjects_and_limits_do_not_meet(app: Flask) -> None:
    other = Limit("other", burst=5, interval=timedelta(seconds=60))
    assert [attempts(FIVE, "a", 6), attempts(FIVE, "b", 6), attempts(other, "a", 6)] == [5, 5, 5]


def test_afterwards_one_passes_each_interval(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    passed = []
    for second in (0, 59, 60, 61, 120, 3600):
        at_second(monkeypatch, start, second)
        passed.append(attempts(FIVE, "a", 9))
    assert passed == [5, 0, 1, 0, 1, 5]


def test_the_wait_that_is_told_is_the_wait_that_is_needed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    at_second(monkeypatch, start, 0)
    attempts(FIVE, "a", 5)
    at_second(monkeypatch, start, 12.5)
    with pytest.raises(TooManyAttempts) as refused:
        FIVE.hit("a")
    assert refused.value.retry_after == 48
    at_second(monkeypatch, start, 12.5 + 48)
    FIVE.hit("a")


def test_a_refused_attempt_does_not_make_the_wait_longer(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    at_second(monkeypatch, start, 0)
    attempts(FIVE, "a", 500)
    at_second(monkeypatch, start, 60)
    assert attempts(FIVE, "a", 1) == 1


def test_success_forgives(app: Flask) -> None:
    attempts(FIVE, "a", 9)
    FIVE.forgive("a")
    assert attempts(FIVE, "a", 9) == 5


def test_an_attempt_counts_although_its_request_is_rolled_back(app: Flask) -> None:
    FIVE.hit("a")
    db.session.rollback()
    assert attempts(FIVE, "a", 9) == 4


def test_a_limit_of_one_passes_once(app: Flask) -> None:
    assert attempts(Limit("one", burst=1, interval=timedelta(seconds=60)), "a", 5) == 1


def test_the_table_does_not_tell_whom_it_counts(app: Flask) -> None:
    FIVE.hit("br:cpf:52998224725")
    with db.engine.connect() as connection:
        (key,) = connection.execute(text("SELECT key FROM rate_limits")).scalars()
    assert len(key) == 32
    assert b"52998224725" not in key


def test_hostile_subjects_are_only_counted(app: Flask) -> None:
    assert attempts(FIVE, "\x00'; DROP TABLE rate_limits; --" + "x" * 100_000, 6) == 5


def test_full_allowances_are_purged_and_others_stay(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    at_second(monkeypatch, start, 0)
    attempts(FIVE, "old", 1)
    at_second(monkeypatch, start, 61)
    attempts(FIVE, "new", 9)
    assert purge(start + timedelta(seconds=61)) == 1
    assert attempts(FIVE, "new", 1) == 0


@pytest.mark.parametrize("burst", [1, 7])
def test_of_many_attempts_at_once_exactly_the_burst_passes(
    committed_app: Flask, burst: int
) -> None:
    limit = Limit("rush", burst=burst, interval=timedelta(hours=1))

    def rush() -> int:
        return attempts(limit, "a", 5)

    assert sum(at_once(*[rush] * 8, within=committed_app.app_context)) == burst
