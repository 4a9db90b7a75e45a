"""No address, however malformed, is a fault of ours: every page of the service is tried."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.browsing import sign_in_as
from tests.factories.accounts import an_account

HOSTILE = ("%00", "a%00b", "%FF", "'%20OR%201=1", "%F0%9F%92%A1", "x" * 3000, "-1", "%0d%0aX:y")


def addresses(app: Flask, value: str) -> list[str]:
    """Every address that can be read, with `value` in each of its variable parts."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            found.append(_filled(rule, value))
    return sorted(set(found))


def _filled(rule: Rule, value: str) -> str:
    path = "".join(value if is_variable else part for is_variable, part in rule._trace)
    path = path.removeprefix("|")
    names = ("next", "q", "page", "lang", "installation", "search", "state", "client_id")
    query = "&".join(f"{name}={value}" for name in names)
    return f"{path}?{query}"


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_anywhere_in_an_address_is_refused_politely(
    app: Flask, client: FlaskClient, value: str, signed_in: bool
) -> None:
    if signed_in:
        sign_in_as(client, an_account())
    failed = {
        path: status
        for path in addresses(app, value)
        if (status := client.get(path).status_code) >= 500
    }
    assert failed == {}
