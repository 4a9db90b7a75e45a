"""The description of the API: valid, complete, and true."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.api.reporting import World, a_world, bearer
from tests.factories.oauth import a_resource_server

OPERATION = "/api/v1/grants/{grant_id}/uses"
METHODS = {"get", "put", "post", "delete", "patch"}


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    response = client.get("/api/openapi.json")
    assert (response.status_code, response.content_type) == (200, "application/json")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    return dict(response.get_json())


def inside(document: Any) -> Iterator[Any]:
    """Every object of the document."""
    if isinstance(document, dict):
        yield document
        for value in document.values():
            yield from inside(value)
    elif isinstance(document, list):
        for value in document:
            yield from inside(value)


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    """Sections 4.8.1 to 4.8.17: what must be there, and nothing that leads nowhere."""
    assert described["openapi"] == "3.1.0"
    assert described["info"]["title"] == "Outorga"
    assert described["info"]["version"]
    schemas = described["components"]["schemas"]
    references = {each["$ref"] for each in inside(described) if "$ref" in each}
    assert references == {f"#/components/schemas/{name}" for name in schemas}
    for path, item in described["paths"].items():
        assert path.startswith("/api/v1/")
        named = {each["name"] for each in item["parameters"] if each["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        for method in METHODS & set(item):
            for status, response in item[method]["responses"].items():
                assert status.isdigit()
                assert response["description"]
                (kind,) = response["content"]
                expected = "application/problem+json" if status >= "4" else "application/json"
                assert kind == expected


def test_every_operation_is_there(client: FlaskClient, described: dict[str, Any]) -> None:
    rules = {
        str(rule).replace("<", "{").replace(">", "}")
        for rule in client.application.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert set(described["paths"]) == rules


def test_it_names_the_scope_and_where_to_get_it(described: dict[str, Any]) -> None:
    operation = described["paths"][OPERATION]["post"]
    assert operation["operationId"] == "report_uses"
    ((scheme, scopes),) = operation["security"][0].items()
    flows = described["components"]["securitySchemes"][scheme]["flows"]
    for flow in flows.values():
        assert set(scopes) <= set(flow["scopes"])
        assert flow["tokenUrl"] == "http://localhost:8000/oauth/token"


def test_there_are_no_pages_around_it(client: FlaskClient) -> None:
    for path in ("/api/docs", "/api/", "/swagger-ui", "/redoc", "/rapidoc", "/openapi.json"):
        assert client.get(path).status_code == 404
    endpoints = {rule.endpoint for rule in client.application.url_map.iter_rules()}
    assert not {each for each in endpoints if each.startswith("api-docs")}


def answers(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestResponse]:
    """One answer of each kind."""
    use, token = world.use(), world.token()
    yield world.report(use)
    yield world.report(use)
    yield world.report({**use, "description": "x"})
    yield world.report({})
    yield world.report(use, path="/api/v1/grants/g_nothing/uses")
    yield world.report(use, token="x")
    yield world.report(use, token=world.token(a_resource_server(scope="bills:read")))
    for body, kind in ((b"{", "application/json"), (b"{}", ""), (b"x" * 300_000, "text/plain")):
        headers = bearer(token)
        yield world.client.post(world.path, data=body, content_type=kind, headers=headers)
    yield world.client.post(
        world.path, data=b" " * 300_000, content_type="application/json", headers=bearer(token)
    )
    monkeypatch.setitem(world.client.application.config, "USE_REPORTS_PER_CLIENT", 1)
    for _ in range(3):
        yield (last := world.report(use, token=token))
        assert last.status_code in (200, 429)


def test_each_status_that_it_names_is_really_answered(
    client: FlaskClient, described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = a_world(client)
    responses = described["paths"][OPERATION]["post"]["responses"]
    seen = set()
    for response in answers(world, monkeypatch):
        status = str(response.status_code)
        seen.add(status)
        (kind,) = responses[status]["content"]
        assert response.content_type == kind
        check_shape(described, responses[status]["content"][kind]["schema"], response.get_json())
    assert seen == set(responses)


def check_shape(described: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """The members are those that the schema knows, and none is missing."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert isinstance(value, tuple(kinds[each] for each in allowed)), json.dumps(value)
    if schema["type"] == "object":
        assert set(schema["required"]) <= set(value) <= set(schema["properties"])
        for name, inner in value.items():
            check_shape(described, schema["properties"][name], inner)
    if schema["type"] == "array":
        for inner in value:
            check_shape(described, schema["items"], inner)
