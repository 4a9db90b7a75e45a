"""Documents of other hosts are kept as long as those say, and served while those are down."""

import threading
import time
from http.server import BaseHTTPRequestHandler

import pytest
from flask import Flask

from idp import outbound
from idp.outbound import Unreachable, cache
from tests.outbound.conftest import Clock, Names
from tests.outbound.servers import Host, saying

JSON = "application/json"


def read(host: Host) -> bytes:
    return outbound.cached(host.url(), accept=JSON)


@pytest.mark.usefixtures("outside", "names")
@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("max-age=600", 600),
        ("public, max-age=120, must-revalidate", 120),
        ("max-age=1", cache.LEAST_FRESH),
        ("no-store", cache.USUALLY_FRESH),
        ("max-age=999999999", cache.MOST_FRESH),
    ],
)
def test_a_copy_is_fresh_for_as_long_as_the_host_says_within_bounds(
    host: Host, clock: Clock, said: str, seconds: float
) -> None:
    host.behave = saying(b"one", Cache_Control=said)
    assert read(host) == b"one"
    clock.now += seconds - 1
    assert read(host) == b"one"
    assert len(host.asked) == 1
    clock.now += 2
    assert read(host) == b"one"
    assert len(host.asked) == 2


def test_a_copy_is_asked_about_by_its_tag(
    outside: Flask, names: Names, host: Host, clock: Clock
) -> None:
    host.behave = saying(b"one", ETag='"1"')
    read(host)
    host.behave = saying(b"", 304)
    clock.now += cache.USUALLY_FRESH + 1
    assert read(host) == b"one"
    assert host.asked[1][2]["If-None-Match"] == '"1"'
    assert read(host) == b"one"
    assert len(host.asked) == 2


def test_a_copy_serves_for_a_day_while_its_host_is_down(
    outside: Flask, names: Names, host: Host, clock: Clock
) -> None:
    read(host)
    host.behave = saying(b"", 503)
    clock.now += cache.USUALLY_FRESH + 1
    assert read(host) == b"{}"
    assert read(host) == b"{}"
    assert len(host.asked) == 2
    clock.now += cache.STALE
    with pytest.raises(Unreachable):
        read(host)


def test_a_host_that_is_down_is_not_asked_at_every_turn(
    outside: Flask, names: Names, host: Host, clock: Clock
) -> None:
    host.behave = saying(b"", 500)
    for _try in range(3):
        with pytest.raises(Unreachable):
            read(host)
    assert len(host.asked) == 1
    clock.now += cache.PAUSE + 1
    host.behave = saying(b"up")
    assert read(host) == b"up"


def test_what_is_missed_is_asked_for_out_of_turn_but_not_over_and_over(
    outside: Flask, names: Names, host: Host, clock: Clock
) -> None:
    read(host)
    host.behave = saying(b"new")
    clock.now += cache.PAUSE + 1
    for _try in range(5):
        assert outbound.cached_again(host.url(), accept=JSON) == b"new"
    assert len(host.asked) == 2


def test_many_who_want_the_same_ask_once(outside: Flask, names: Names, host: Host) -> None:
    def slowly(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.2)
        saying(b"one")(handler)

    host.behave = slowly
    found: list[bytes] = []

    def ask() -> None:
        with outside.app_context():
            found.append(read(host))

    threads = [threading.Thread(target=ask) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"one"] * 8
    assert len(host.asked) == 1


def test_a_host_that_takes_its_time_holds_up_one_of_us_and_not_all(
    outside: Flask, names: Names, host: Host, clock: Clock
) -> None:
    read(host)
    clock.now += cache.USUALLY_FRESH + 1
    asked, done = threading.Event(), threading.Event()

    def wait(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        done.wait(5)
        saying(b"new")(handler)

    def ask() -> None:
        with outside.app_context():
            read(host)

    host.behave = wait
    first = threading.Thread(target=ask)
    first.start()
    assert asked.wait(5)
    assert read(host) == b"{}"
    assert outbound.cached_again(host.url(), accept=JSON) == b"{}"
    done.set()
    first.join()
    assert read(host) == b"new"
    assert len(host.asked) == 2


def test_the_oldest_is_dropped_when_there_are_too_many(
    outside: Flask, names: Names, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "MOST_DOCUMENTS", 2)
    for path in ("/1", "/2", "/3", "/1"):
        outbound.cached(host.url(path), accept=JSON)
    assert [path for _method, path, _headers in host.asked] == ["/1", "/2", "/3", "/1"]
