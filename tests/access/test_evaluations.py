"""Several questions in one request."""

from typing import Any

import pytest

from tests.access.asking import EVALUATIONS, World, question


def bodies(world: World) -> list[dict[str, Any]]:
    """Yes, no, yes."""
    return [
        question(world.joao, "read", world.owned[0]),
        question(world.joao, "write", world.owned[0]),
        question(world.maria, "write", world.owned[2]),
    ]


def decided(answer: Any) -> list[bool]:
    assert list(answer) == ["evaluations"]
    return [each["decision"] for each in answer["evaluations"]]


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        (None, [True, False, True]),
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_all_are_answered_in_their_order_until_settled(
    world: World, semantic: str | None, expected: list[bool]
) -> None:
    options = {"options": {"evaluations_semantic": semantic}} if semantic else {}
    answer = world.answer(EVALUATIONS, {"evaluations": bodies(world), **options})
    assert decided(answer) == expected


def test_what_is_left_out_is_taken_from_the_top_and_never_mixed_with_it(world: World) -> None:
    body = question(world.joao, "write", world.owned[0], holder="nobody")
    first = {"action": {"name": "read"}, "resource": {"type": "installation"}}
    first["resource"]["id"] = world.owned[0].code
    second = {"action": {"name": "read"}}  # keeps the top's resource, which names another holder
    third = {**first, "resource": {"type": "installation"}}  # not completed from the top
    answer = world.answer(EVALUATIONS, {**body, "evaluations": [first, second, third]})
    assert decided(answer) == [True, False, False]
    assert answer["evaluations"][2]["context"]["reason"] == "invalid_request"


def test_one_that_cannot_be_read_is_denied_and_the_others_answered(world: World) -> None:
    good = bodies(world)[0]
    items = [good, {}, "x", None, [], {**good, "subject": {"type": "user", "id": 7}}, good]
    answer = world.answer(EVALUATIONS, {"evaluations": items})
    assert decided(answer) == [True, False, False, False, False, False, True]


def test_a_hundred_are_answered_and_one_more_refused(world: World) -> None:
    good = bodies(world)[0]
    assert decided(world.answer(EVALUATIONS, {"evaluations": [good] * 100})) == [True] * 100
    response = world.ask(EVALUATIONS, {"evaluations": [good] * 101})
    assert (response.status_code, response.get_json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("evaluations", [None, []])
def test_none_at_all_is_a_single_question(world: World, evaluations: Any) -> None:
    body = {**bodies(world)[0], "evaluations": evaluations}
    assert world.answer(EVALUATIONS, body)["decision"] is True
    assert world.ask(EVALUATIONS, {"evaluations": evaluations}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {"evaluations": {}},
        {"evaluations": "x"},
        {"evaluations": [{}], "options": []},
        {"evaluations": [{}], "options": {"evaluations_semantic": "all"}},
        {"evaluations": [{}], "options": {"evaluations_semantic": ["execute_all"]}},
        {"evaluations": [{}], "options": {"evaluations_semantic": None}},
        {"evaluations": [{}], "options": {"evaluations_semantic": {}}},
    ],
)
def test_a_request_that_cannot_be_read_as_a_whole_is_refused(world: World, body: Any) -> None:
    assert world.ask(EVALUATIONS, body).status_code == 400
