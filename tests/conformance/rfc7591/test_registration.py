"""RFC 7591, OAuth 2.0 Dynamic Client Registration."""

import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from idp.extensions import db
from idp.oauth import clients
from idp.oauth.clients.models import ClientInvitation
from idp.oauth.models import Client
from tests.oauth.clients.registering import METADATA, an_invitation, ask, bearer, registered
from tests.oauth.clients.signing import KEYS
from tests.together import in_browsers


def refused_by(answer: Any) -> tuple[str, str]:
    """Error and member of a refusal."""
    assert answer.status_code == 400, answer.text
    body = answer.get_json()
    return body["error"], body["error_description"].split()[2]


def test_3_1_a_client_is_registered_and_can_be_used(client: FlaskClient) -> None:
    told = registered(client, grant_types=["client_credentials"], redirect_uris=None)
    form = {"grant_type": "client_credentials"}
    answer = client.post("/oauth/token", data=form, auth=(told["client_id"], told["client_secret"]))
    assert answer.status_code == 200, answer.text


def test_3_2_1_the_answer_has_the_client_and_everything_it_was_registered_with(
    client: FlaskClient,
) -> None:
    answer = ask(client, contacts=["ops@app.example"], software_id="4NRB1", client_uri="")
    told = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_type == "application/json"
    assert abs(told["client_id_issued_at"] - time.time()) < 60
    assert len(told["client_secret"]) >= 43
    assert told["client_secret_expires_at"] == 0
    assert told["contacts"] == ["ops@app.example"]
    assert told["software_id"] == "4NRB1"
    assert told["grant_types"] == ["authorization_code"]
    assert told["response_types"] == ["code"]
    assert told["token_endpoint_auth_method"] == "client_secret_basic"
    assert "client_uri" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint_auth_method": "none"},
        {"token_endpoint_auth_method": "private_key_jwt", "jwks": KEYS},
    ],
)
def test_3_2_1_who_needs_no_secret_is_given_none(
    client: FlaskClient, changes: dict[str, Any]
) -> None:
    told = registered(client, **changes)
    assert "client_secret" not in told
    assert "client_secret_expires_at" not in told


def test_2_what_is_unknown_is_ignored_and_null_counts_as_left_out(client: FlaskClient) -> None:
    strange: dict[str, Any] = {"client_name#pt-BR": "Contas", "invented": [1], "first_party": True}
    told = registered(client, **strange)
    assert {"client_name#pt-BR", "invented", "first_party"} & told.keys() == set()
    found = clients.find(told["client_id"])
    assert found is not None and not found.first_party
    headers = bearer(an_invitation())
    body = {**METADATA, "jwks_uri": None, "scope": None}
    assert client.post("/oauth/register", json=body, headers=headers).status_code == 201


def test_2_1_response_types_follow_the_grant_types(client: FlaskClient) -> None:
    told = registered(client, grant_types=["client_credentials"], redirect_uris=None)
    assert told["response_types"] == []  # left out it would stand for `code`


@pytest.mark.parametrize(
    ("error", "member", "changes"),
    [
        ("invalid_redirect_uri", "redirect_uris", {"redirect_uris": ["http://app.example/"]}),
        ("invalid_redirect_uri", "redirect_uris", {"redirect_uris": ["javascript:alert(1)"]}),
        ("invalid_client_metadata", "redirect_uris", {"redirect_uris": []}),
        ("invalid_client_metadata", "redirect_uris", {"redirect_uris": "https://app.example/"}),
        ("invalid_client_metadata", "redirect_uris", {"redirect_uris": [7]}),
        ("invalid_client_metadata", "client_name", {"client_name": {"a": 1}}),
        ("invalid_client_metadata", "default_max_age", {"default_max_age": True}),
        ("invalid_client_metadata", "require_auth_time", {"require_auth_time": "true"}),
        ("invalid_client_metadata", "jwks", {"jwks": []}),
        ("invalid_client_metadata", "jwks", {"token_endpoint_auth_method": "private_key_jwt"}),
        ("invalid_client_metadata", "grant_types", {"grant_types": ["implicit"]}),
        ("invalid_client_metadata", "scope", {"scope": "openid OTHER"}),
        ("unapproved_software_statement", "software_statement", {"software_statement": "a.b.c"}),
    ],
)
def test_3_2_2_a_refusal_names_its_reason_and_the_member(
    client: FlaskClient, error: str, member: str, changes: dict[str, Any]
) -> None:
    assert refused_by(ask(client, **changes)) == (error, member)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"client_name":"a","client_name":"b"}', b'{"a":NaN}', b"\xff"]
)
def test_3_1_the_body_is_a_json_object(client: FlaskClient, body: bytes) -> None:
    headers = {**bearer(an_invitation()), "Content-Type": "application/json"}
    answer = client.post("/oauth/register", data=body, headers=headers)
    assert refused_by(answer) == ("invalid_client_metadata", "body")
    form = client.post("/oauth/register", data=METADATA, headers=bearer(an_invitation()))
    assert refused_by(form) == ("invalid_client_metadata", "Content-Type")


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer"}]
)
def test_3_without_an_initial_access_token_nothing_is_registered(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    before = db.session.query(Client).count()
    answer = client.post("/oauth/register", json=METADATA, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    by_address = client.post(f"/oauth/register?access_token={an_invitation()}", json=METADATA)
    assert by_address.status_code == 401
    assert db.session.query(Client).count() == before


def test_1_2_an_initial_access_token_ends_by_use_and_by_time(client: FlaskClient) -> None:
    once = an_invitation(uses=1)
    assert ask(client, once, client_name="").status_code == 201  # named after its host
    assert ask(client, once).status_code == 401
    assert ask(client, an_invitation(days=-1)).status_code == 401


def test_1_2_a_refused_registration_uses_nothing_up(client: FlaskClient) -> None:
    once = an_invitation(uses=1)
    assert ask(client, once, grant_types=["password"]).status_code == 400
    assert ask(client, once).status_code == 201


def test_1_2_a_token_for_one_client_makes_one_when_asked_by_many_at_once(
    committed_app: Flask,
) -> None:
    with committed_app.app_context():
        once = an_invitation(uses=1)
    seen = in_browsers(committed_app, 5, lambda browser: ask(browser, once).status_code)
    assert sorted(seen) == [201] + [401] * 4


def test_5_secrets_and_tokens_are_kept_as_hashes(client: FlaskClient) -> None:
    invitation = an_invitation()
    told = registered(client, invitation)
    row = db.session.query(Client).filter_by(client_id=told["client_id"]).one()
    kept = repr([vars(row), [vars(each) for each in db.session.query(ClientInvitation)]])
    for secret in (invitation, told["client_secret"], told["registration_access_token"]):
        assert secret not in kept


@pytest.mark.parametrize(
    ("member", "wanted", "allowance"),
    [
        ("introspect", {"introspect": True}, {"introspect": True}),
        (
            "act_aware",
            {"introspect": True, "act_aware": True},
            {"introspect": True, "act_aware": True},
        ),
        ("single_holder", {"single_holder": True}, {"single_holder": True}),
        ("scope", {"scope": "openid grant_uses"}, {"scope": ("grant_uses",)}),
        ("scope", {"scope": "openid bills:read"}, {"scope": ("bills:read",)}),
        (
            "resources",
            {"resources": ["https://api.example"]},
            {"resources": ("https://api.example",)},
        ),
        ("require_pkce", {"require_pkce": False}, {"without_pkce": True}),
    ],
)
def test_5_nobody_gives_themselves_more_than_they_were_invited_to(
    client: FlaskClient, member: str, wanted: dict[str, Any], allowance: dict[str, Any]
) -> None:
    others = {name: value for name, value in allowance.items() if name != member}
    if member in ("scope", "resources", "require_pkce"):
        others = {"introspect": True, "act_aware": True, "single_holder": True}
    answer = ask(client, an_invitation(**others), **wanted)
    assert refused_by(answer) == ("invalid_client_metadata", member)
    told = registered(client, an_invitation(**allowance), **wanted)
    for name, value in wanted.items():
        assert told[name] == value


def test_5_attempts_are_counted(app: Flask, client: FlaskClient) -> None:
    app.config["REGISTRATIONS_PER_ADDRESS"], before = 2, app.config["REGISTRATIONS_PER_ADDRESS"]
    try:
        statuses = [ask(client, "wrong").status_code for _try in range(3)]
    finally:
        app.config["REGISTRATIONS_PER_ADDRESS"] = before
    assert statuses == [401, 401, 429]
