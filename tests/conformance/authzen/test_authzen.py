"""OpenID AuthZEN Authorization API 1.0."""

import json
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from idp import clock
from idp.grants import claims
from idp.grants.effective import access_of, totals_of
from tests.access.asking import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    EVERYWHERE,
    RESOURCES,
    STRANGER,
    SUBJECTS,
    World,
    a_world,
    question,
)
from tests.oauth import flow


@pytest.fixture
def world(client: FlaskClient) -> World:
    """Maria may read and write on her installations, João may read on two of them."""
    return a_world(client)


@pytest.fixture
def good(world: World) -> dict[str, Any]:
    """A question to be answered by yes."""
    return question(world.joao, "read", world.owned[0])


def without(body: dict[str, Any], *path: str) -> dict[str, Any]:
    """A copy that lacks a member."""
    name, *rest = path
    if rest:
        return {**body, name: without(body[name], *rest)}
    return {key: value for key, value in body.items() if key != name}


def test_5_entities_have_a_type_and_an_id_and_may_have_properties(
    world: World, good: dict[str, Any]
) -> None:
    for entity in ("subject", "action", "resource"):
        good[entity]["properties"] = {"any": ["thing", {"at": "all"}]}
    assert world.answer(EVALUATION, good)["decision"] is True


@pytest.mark.parametrize(
    "missing",
    [
        ("subject",),
        ("action",),
        ("resource",),
        ("subject", "type"),
        ("subject", "id"),
        ("action", "name"),
        ("resource", "type"),
        ("resource", "id"),
    ],
)
def test_6_1_and_10_1_1_a_required_member_that_is_missing_is_a_bad_request(
    world: World, good: dict[str, Any], missing: tuple[str, ...]
) -> None:
    assert world.ask(EVALUATION, without(good, *missing)).status_code == 400
    assert world.ask(EVALUATIONS, without(good, *missing)).status_code == 400


def test_6_1_context_is_optional(world: World, good: dict[str, Any]) -> None:
    for context in ({}, {"time": "2026-11-22T16:30-03:00"}):
        assert world.answer(EVALUATION, {**good, "context": context})["decision"] is True


def test_6_2_and_5_5_the_decision_is_a_boolean_with_an_object_for_context(
    world: World, good: dict[str, Any]
) -> None:
    for action, expected in (("read", True), ("write", False), ("fly", False)):
        response = world.ask(EVALUATION, {**good, "action": {"name": action}})
        assert response.status_code == 200
        assert response.content_type == "application/json"
        assert response.get_json()["decision"] is expected
        assert isinstance(response.get_json()["context"], dict)


def test_7_1_without_evaluations_it_is_a_single_evaluation(
    world: World, good: dict[str, Any]
) -> None:
    assert world.answer(EVALUATIONS, good) == world.answer(EVALUATION, good)
    assert world.answer(EVALUATIONS, {**good, "evaluations": []})["decision"] is True


def test_7_1_1_defaults_are_replaced_whole(world: World, good: dict[str, Any]) -> None:
    items = [{}, {"action": {"name": "write"}}, {"subject": question(world.maria, "")["subject"]}]
    answer = world.answer(EVALUATIONS, {**good, "evaluations": items})
    assert [each["decision"] for each in answer["evaluations"]] == [True, False, True]


@pytest.mark.parametrize(
    ("semantic", "expected"),
    [
        ("execute_all", [True, False, True]),
        ("deny_on_first_deny", [True, False]),
        ("permit_on_first_permit", [True]),
    ],
)
def test_7_1_2_1_semantics(
    world: World, good: dict[str, Any], semantic: str, expected: list[bool]
) -> None:
    items = [{}, {"action": {"name": "write"}}, {}]
    options = {"evaluations_semantic": semantic, "another_option": "value"}
    answer = world.answer(EVALUATIONS, {**good, "evaluations": items, "options": options})
    assert [each["decision"] for each in answer["evaluations"]] == expected


def test_7_2_decisions_stand_in_the_order_of_the_request(
    world: World, good: dict[str, Any]
) -> None:
    items = [{"action": {"name": name}} for name in ("write", "read", "write")]
    answer = world.answer(EVALUATIONS, {**good, "evaluations": items})
    assert [each["decision"] for each in answer["evaluations"]] == [False, True, False]
    assert "decision" not in answer


def test_7_2_1_an_evaluation_that_fails_alone_is_denied(world: World, good: dict[str, Any]) -> None:
    body = {**without(good, "resource"), "evaluations": [good, {}]}
    first, second = world.answer(EVALUATIONS, body)["evaluations"]
    assert (first["decision"], second["decision"]) == (True, False)


def test_8_1_what_is_found_is_permitted(world: World, good: dict[str, Any]) -> None:
    for resource in world.answer(RESOURCES, good)["results"]:
        assert world.answer(EVALUATION, {**good, "resource": resource})["decision"] is True
    for subject in world.answer(SUBJECTS, good)["results"]:
        assert world.answer(EVALUATION, {**good, "subject": subject})["decision"] is True
    for action in world.answer(ACTIONS, good)["results"]:
        assert world.answer(EVALUATION, {**good, "action": action})["decision"] is True


def test_8_2_pages_follow_each_other_until_the_token_is_empty(
    world: World, good: dict[str, Any]
) -> None:
    first = world.answer(RESOURCES, {**good, "page": {"limit": 1}})
    assert list(first) == ["page", "results"]
    assert first["page"]["count"] == len(first["results"]) == 1
    page = {"limit": 1, "token": first["page"]["next_token"]}
    second = world.answer(RESOURCES, {**good, "page": page})
    assert second["page"]["next_token"] == ""
    found = [each["id"] for each in [*first["results"], *second["results"]]]
    assert found == [each.code for each in world.owned[:2]]


def test_8_2_1_everything_else_stays_the_same_from_page_to_page(
    world: World, good: dict[str, Any]
) -> None:
    token = world.answer(RESOURCES, {**good, "page": {"limit": 1}})["page"]["next_token"]
    for changed, limit in ((good, 2), ({**good, "action": {"name": "write"}}, 1)):
        body = {**changed, "page": {"limit": limit, "token": token}}
        assert world.ask(RESOURCES, body).status_code == 400


def test_8_4_subjects(world: World, good: dict[str, Any]) -> None:
    expected = [{"type": "user", "id": str(who.tax_id)} for who in (world.maria, world.joao)]
    assert world.answer(SUBJECTS, good)["results"] == expected  # its id is ignored
    assert world.answer(SUBJECTS, without(good, "subject", "id"))["results"] == expected
    for missing in (("subject", "type"), ("resource", "id"), ("action",)):
        assert world.ask(SUBJECTS, without(good, *missing)).status_code == 400


def test_8_5_resources(world: World, good: dict[str, Any]) -> None:
    expected = [each.code for each in world.owned[:2]]
    for body in (good, without(good, "resource", "id")):
        results = world.answer(RESOURCES, body)["results"]
        assert [each["id"] for each in results] == expected
        assert {each["type"] for each in results} == {"installation"}
    for missing in (("subject", "id"), ("resource", "type"), ("action", "name")):
        assert world.ask(RESOURCES, without(good, *missing)).status_code == 400


def test_8_6_actions(world: World, good: dict[str, Any]) -> None:
    body = without(good, "action")
    assert world.answer(ACTIONS, body) == {"results": [{"name": "read"}]}
    body["subject"] = question(world.maria, "")["subject"]
    assert world.answer(ACTIONS, body) == {"results": [{"name": "read"}, {"name": "write"}]}
    for missing in (("subject", "id"), ("resource", "id"), ("resource",)):
        assert world.ask(ACTIONS, without(body, *missing)).status_code == 400


@pytest.mark.parametrize("path", [RESOURCES, SUBJECTS, ACTIONS])
def test_8_3_nothing_found_is_an_empty_array(world: World, good: dict[str, Any], path: str) -> None:
    good["subject"]["id"] = STRANGER
    good["resource"]["id"] = "0000"
    assert world.answer(path, good)["results"] == []
    good["subject"]["type"] = "spaceship"
    assert world.answer(path, good)["results"] == []


def test_9_metadata(world: World, good: dict[str, Any]) -> None:
    response = world.client.get("/.well-known/authzen-configuration")
    assert (response.status_code, response.content_type) == (200, "application/json")
    document = response.get_json()
    assert document["policy_decision_point"] == flow.ISSUER
    endpoints = {name: url for name, url in document.items() if name.endswith("_endpoint")}
    assert {url.removeprefix(flow.ISSUER) for url in endpoints.values()} == set(EVERYWHERE)
    for url in endpoints.values():
        assert world.ask(url.removeprefix(flow.ISSUER), good).status_code == 200
    assert all(document.values())


def test_the_members_of_a_set_claim_lead_here(world: World, good: dict[str, Any]) -> None:
    """`evaluate` and `search` of the `installation_set` object in tokens."""
    found = access_of(world.joao.id, world.joao.tax_id, at=clock.now(), limit=50)
    totals = partial(totals_of, world.joao.id, at=clock.now())
    (claim,) = claims.describe(
        found, totals, inline_installations=0, inline_bytes=0, issuer=flow.ISSUER
    )
    document = world.client.get("/.well-known/authzen-configuration").get_json()
    assert claim["evaluate"] == document["access_evaluation_endpoint"]
    assert claim["search"] == document["search_resource_endpoint"]


def test_10_1_only_json_is_taken(world: World, good: dict[str, Any]) -> None:
    def sent(body: str, kind: str) -> TestResponse:
        return world.client.post(
            EVALUATION, data=body, content_type=kind, headers=flow.basic(world.api)
        )

    assert sent(json.dumps(good), "application/json").status_code == 200
    assert sent(json.dumps(good), "text/plain").status_code == 400
    for body in ("", "{", "[]", '"x"'):
        assert sent(body, "application/json").status_code == 400


def test_10_1_1_unknown_members_are_ignored(world: World, good: dict[str, Any]) -> None:
    body = {**good, "unheard_of": 1}
    body["subject"] = {**good["subject"], "unheard_of": [2]}
    assert world.answer(EVALUATION, body)["decision"] is True


def test_10_1_2_and_11_3_a_caller_who_is_not_known_is_told_how_to_be(
    world: World, good: dict[str, Any]
) -> None:
    response = world.client.post(EVALUATION, json=good)
    assert response.status_code == 401
    assert "WWW-Authenticate" in response.headers
    assert "decision" not in response.get_json()


def test_10_1_3_the_request_id_comes_back(world: World, good: dict[str, Any]) -> None:
    name = "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"
    for body in (good, {}):
        response = world.ask(EVALUATION, body, **{"X-Request-ID": name})
        assert response.headers.getlist("X-Request-ID") == [name]
    refused = world.client.post(EVALUATION, json=good, headers={"X-Request-ID": name})
    assert refused.headers["X-Request-ID"] == name
    assert world.ask(EVALUATION, good).headers["X-Request-ID"] != name


def test_11_5_ambiguous_json_is_refused(world: World, good: dict[str, Any]) -> None:
    twice = json.dumps(good)[:-1] + ', "action": {"name": "write"}}'
    for body in (twice, '{"subject": NaN}', '\ufeff{"a": 1}'):
        response = world.client.post(
            EVALUATION,
            data=body.encode(),
            content_type="application/json",
            headers=flow.basic(world.api),
        )
        assert response.status_code == 400
