"""Several reports of the same things at the same time, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from idp.extensions import db
from tests.api.reporting import a_world, bearer, recorded

THREADS = 6


def test_the_same_uses_reported_at_once_in_any_order_are_recorded_once(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        world = a_world(committed_app.test_client())
        token, path = world.token(), world.path
        uses = [world.use(reference=f"r{number}") for number in range(20)]
    barrier = Barrier(THREADS)

    def report(number: int) -> tuple[int, int]:
        mine = uses if number % 2 else uses[::-1]
        barrier.wait()
        browser = committed_app.test_client()
        response = browser.post(path, json={"uses": mine}, headers=bearer(token))
        return response.status_code, len(response.get_json()["uses"])

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(report, range(THREADS)))
    assert sorted(answers) == [(200, 20)] * (THREADS - 1) + [(201, 20)]
    with committed_app.app_context():
        assert len(recorded()) == len(uses)
        db.session.remove()


def test_of_two_things_under_one_reference_only_one_is_recorded(committed_app: Flask) -> None:
    with committed_app.app_context():
        world = a_world(committed_app.test_client())
        token, path, use = world.token(), world.path, world.use()
    barrier = Barrier(THREADS)

    def report(number: int) -> int:
        mine = {**use, "description": f"Thing {number}"}
        barrier.wait()
        browser = committed_app.test_client()
        answer = browser.post(path, json={"uses": [mine]}, headers=bearer(token))
        return answer.status_code

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(report, range(THREADS))) == [201] + [409] * (THREADS - 1)
    with committed_app.app_context():
        assert len(recorded()) == 1
        db.session.remove()
