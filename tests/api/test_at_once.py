"""Several reports of the same things at the same time, on real connections."""

from functools import partial

from flask import Flask

from idp.extensions import db
from tests.api.reporting import a_world, bearer, recorded
from tests.together import at_once

THREADS = 6


def test_the_same_uses_reported_at_once_in_any_order_are_recorded_once(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        world = a_world(committed_app.test_client())
        token, path = world.token(), world.path
        uses = [world.use(reference=f"r{number}") for number in range(20)]

    def report(number: int) -> tuple[int, int]:
        mine = uses if number % 2 else uses[::-1]
        browser = committed_app.test_client()
        response = browser.post(path, json={"uses": mine}, headers=bearer(token))
        return response.status_code, len(response.get_json()["uses"])

    answers = at_once(*[partial(report, number) for number in range(THREADS)])
    assert sorted(answers) == [(200, 20)] * (THREADS - 1) + [(201, 20)]
    with committed_app.app_context():
        assert len(recorded()) == len(uses)
        db.session.remove()


def test_of_two_things_under_one_reference_only_one_is_recorded(committed_app: Flask) -> None:
    with committed_app.app_context():
        world = a_world(committed_app.test_client())
        token, path, use = world.token(), world.path, world.use()

    def report(number: int) -> int:
        mine = {**use, "description": f"Thing {number}"}
        browser = committed_app.test_client()
        answer = browser.post(path, json={"uses": [mine]}, headers=bearer(token))
        return answer.status_code

    answers = at_once(*[partial(report, number) for number in range(THREADS)])
    assert sorted(answers) == [201] + [409] * (THREADS - 1)
    with committed_app.app_context():
        assert len(recorded()) == 1
        db.session.remove()
