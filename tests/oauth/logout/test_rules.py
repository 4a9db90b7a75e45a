from datetime import UTC, datetime, timedelta

import pytest

from idp.oauth.logout.rules import Outcome, is_hopeless, outcome_of, pause_after

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.TOLD),
        (204, Outcome.TOLD),
        (400, Outcome.GIVEN_UP),
        (404, Outcome.GIVEN_UP),
        (408, Outcome.POSTPONED),
        (429, Outcome.POSTPONED),
        (302, Outcome.POSTPONED),
        (500, Outcome.POSTPONED),
        (504, Outcome.POSTPONED),
        (None, Outcome.POSTPONED),
    ],
)
def test_what_an_answer_means(status: int | None, outcome: Outcome) -> None:
    assert outcome_of(status) is outcome


def test_pauses_double_up_to_an_hour() -> None:
    pauses = [pause_after(attempts, jitter=0.5) for attempts in (1, 2, 3, 8, 1000)]
    assert pauses == [
        timedelta(seconds=30),
        timedelta(seconds=60),
        timedelta(seconds=120),
        timedelta(hours=1),
        timedelta(hours=1),
    ]


def test_the_shortest_pause_is_longer_than_a_try_may_take() -> None:
    assert pause_after(1, jitter=0) > timedelta(seconds=20)


def test_patience_ends() -> None:
    day = timedelta(days=1)
    assert not is_hopeless(NOW, patience=day, at=NOW + timedelta(hours=23))
    assert is_hopeless(NOW, patience=day, at=NOW + day)
