import queue
import time
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from idp import listener as listener_module
from idp.extensions import transaction
from idp.listener import Listener, announce


@pytest.fixture
def heard(committed_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator["queue.Queue[str]"]:
    """What a listener of two channels hears; it already heard that it is connected."""
    monkeypatch.setattr(listener_module, "RECONNECT_SECONDS", 0.1)
    channels: queue.Queue[str] = queue.Queue()
    ear = Listener(committed_app.config["DATABASE_URL"], ["one", "two"], channels.put)
    ear.start()
    assert sorted(channels.get(timeout=10) for _ in range(2)) == ["one", "two"]
    yield channels
    ear.stop()
    ear.join(10)
    assert not ear.is_alive()


def test_a_commit_is_heard_within_a_moment(committed_app: Flask, heard: "queue.Queue[str]") -> None:
    with committed_app.app_context(), transaction():
        announce("two")
    began = time.monotonic()
    assert heard.get(timeout=5) == "two"
    assert time.monotonic() - began < 1


def test_nothing_is_heard_of_what_was_rolled_back(
    committed_app: Flask, heard: "queue.Queue[str]"
) -> None:
    with committed_app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            announce("one")
            raise ZeroDivisionError
        with transaction():
            announce("two")
    assert heard.get(timeout=5) == "two"
    assert heard.empty()


def test_whoever_lost_the_connection_starts_afresh_on_every_channel(
    committed_app: Flask, heard: "queue.Queue[str]"
) -> None:
    with psycopg.connect(committed_app.config["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'outorga listener' AND datname = current_database()"
        )
    assert sorted(heard.get(timeout=10) for _ in range(2)) == ["one", "two"]
