import logging
import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from idp import sweeps
from idp.extensions import db
from idp.sweeps import SWEEPS, Sweep, Sweeper, sweep_once


def never() -> bool:
    return False


def counting(portions: list[int]) -> Sweep:
    """A sweep that deals with these numbers of things, one after the other."""
    return Sweep("counting", 60, lambda _at: portions.pop(0) if portions else 0)


def test_a_sweep_goes_on_until_nothing_is_left(app: Flask) -> None:
    portions = [100, 100, 3]
    Sweeper(app, (counting(portions),)).turn(never)
    assert portions == []


def test_a_sweep_waits_for_its_interval(app: Flask) -> None:
    portions = [1, 0, 1, 0]
    sweeper = Sweeper(app, (counting(portions),))
    sweeper.turn(never)
    sweeper.turn(never)
    assert portions == [1, 0]


def test_a_sweep_that_never_ends_leaves_room_for_the_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "MOST_ROUNDS", 5)
    rounds: list[datetime] = []

    def endless(at: datetime) -> int:
        rounds.append(at)
        return 1

    portions = [1]
    Sweeper(app, (Sweep("endless", 60, endless), counting(portions))).turn(never)
    assert (len(rounds), portions) == (5, [])


def test_a_failing_sweep_is_rolled_back_logged_and_does_not_stop_the_others(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_at: datetime) -> int:
        db.session.execute(text("INSERT INTO revoked_tokens VALUES ('half', now())"))
        raise ZeroDivisionError

    portions = [1]
    with caplog.at_level(logging.ERROR):
        Sweeper(app, (Sweep("failing", 60, failing), counting(portions))).turn(never)
    assert portions == []
    assert [record.message for record in caplog.records] == ["sweep failed"]
    assert db.session.scalar(text("SELECT count(*) FROM revoked_tokens")) == 0


def test_stopping_ends_the_turn(app: Flask) -> None:
    portions = [1]
    Sweeper(app, (counting(portions),)).turn(lambda: True)
    assert portions == [1]


def test_only_one_worker_sweeps_at_a_time(committed_app: Flask) -> None:
    inside, leave = threading.Event(), threading.Event()

    def slow(_at: datetime) -> int:
        inside.set()
        leave.wait(10)
        return 7

    results: list[int] = []

    def first() -> None:
        with committed_app.app_context():
            results.append(sweep_once(Sweep("slow", 60, slow)))

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10)
    with committed_app.app_context():
        assert sweep_once(counting([5])) == 0
        leave.set()
        thread.join(10)
        assert sweep_once(counting([5])) == 5
    assert results == [7]


@pytest.mark.parametrize("sweep", SWEEPS, ids=lambda sweep: sweep.name)
def test_every_sweep_of_the_table_works_on_an_empty_database(app: Flask, sweep: Sweep) -> None:
    assert sweep_once(sweep) == 0


def test_what_people_wait_for_happens_within_a_minute() -> None:
    seconds = {sweep.name: sweep.seconds for sweep in SWEEPS}
    assert all(interval <= 50 for name, interval in seconds.items() if not name.startswith("purge"))
