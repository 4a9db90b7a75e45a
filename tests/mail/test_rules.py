from datetime import UTC, datetime, timedelta

import pytest

from idp.mail.rules import LONGEST_PAUSE, PATIENCE, is_hopeless, pause_after

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)


def test_the_pause_doubles_with_each_failure() -> None:
    pauses = [pause_after(attempts, jitter=0.5) for attempts in (1, 2, 3, 4)]
    assert pauses == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]


def test_the_pause_stops_growing() -> None:
    assert pause_after(12, jitter=0.5) == LONGEST_PAUSE
    assert pause_after(30_000, jitter=0.5) == LONGEST_PAUSE


@pytest.mark.parametrize(("jitter", "seconds"), [(0, 22.5), (1, 37.5)])
def test_jitter_spreads_the_pause_by_a_quarter(jitter: float, seconds: float) -> None:
    assert pause_after(1, jitter=jitter) == timedelta(seconds=seconds)


def test_a_mail_is_given_up_after_three_days() -> None:
    assert not is_hopeless(NOW, at=NOW + PATIENCE - timedelta(seconds=1))
    assert is_hopeless(NOW, at=NOW + PATIENCE)
