"""What was taken back is denied at the very next question, whoever else is asking meanwhile."""

import threading

import pytest
from flask import Flask

from idp import clock
from idp.extensions import db, transaction
from idp.grants import services
from idp.grants.models import Level
from tests.access.asking import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    RESOURCES,
    SUBJECTS,
    World,
    a_world,
    question,
)
from tests.factories.grants import a_grant
from tests.oauth import flow


def answers(world: World) -> list[object]:
    """João's, asked in every way."""
    body = question(world.joao, "read", world.owned[0])
    others = [each["id"] for each in world.answer(SUBJECTS, body)["results"]]
    return [
        world.may(world.joao, "read", world.owned[0]),
        world.answer(EVALUATIONS, {"evaluations": [body]})["evaluations"][0]["decision"],
        len(world.answer(RESOURCES, body)["results"]),
        len(world.answer(ACTIONS, body)["results"]),
        str(world.joao.tax_id) in others,
    ]


@pytest.mark.parametrize("way", ["revoke", "renounce", "lock"])
def test_every_next_answer_is_no(world: World, way: str) -> None:
    assert answers(world) == [True, True, 2, 1, True]
    if way == "revoke":
        services.revoke(world.grant, by=world.maria.actor, at=clock.now())
    elif way == "renounce":
        services.renounce(world.grant, by=world.joao.actor, at=clock.now())
    else:
        world.joao.locked_at = clock.now()
    db.session.commit()
    assert answers(world) == [False, False, 0, 0, False]


def test_a_page_token_opens_nothing_that_was_taken_back(world: World) -> None:
    body = {**question(world.joao, "read"), "page": {"limit": 1}}
    token = world.answer(RESOURCES, body)["page"]["next_token"]
    services.revoke(world.grant, by=world.maria.actor, at=clock.now())
    db.session.commit()
    body["page"]["token"] = token
    assert world.answer(RESOURCES, body)["results"] == []


def test_a_narrower_grant_in_its_place_is_seen_at_once(world: World) -> None:
    full = a_grant(world.maria, world.joao, world.owned, level=Level.FULL)
    assert world.may(world.joao, "write", world.owned[0])
    services.revoke(full, by=world.maria.actor, at=clock.now())
    db.session.commit()
    assert not world.may(world.joao, "write", world.owned[0])
    assert world.may(world.joao, "read", world.owned[0])


def test_no_question_that_begins_after_the_commit_is_permitted(committed_app: Flask) -> None:
    """Four resource servers ask without a pause while the grant is revoked."""
    with committed_app.app_context():
        world = a_world(committed_app.test_client())
        headers, name = flow.basic(world.api), world.grant.public_id
        body, actor = question(world.joao, "read", world.owned[0]), world.maria.actor
        db.session.remove()
    revoked, running = threading.Event(), threading.Barrier(5)
    late: list[bool] = []
    early: list[bool] = []

    def ask() -> None:
        client, left = committed_app.test_client(), 10
        with committed_app.app_context():
            running.wait()
            while left:
                is_late = revoked.is_set()
                answer = client.post(EVALUATION, json=body, headers=headers).get_json()
                (late if is_late else early).append(answer["decision"])
                left -= is_late

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    with committed_app.app_context():
        running.wait()
        while len(early) < 8:
            revoked.wait(0.01)
        with transaction():
            services.revoke(services.get_locked(name), by=actor, at=clock.now())
        revoked.set()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    assert early[0] is True
    assert late == [False] * 40
