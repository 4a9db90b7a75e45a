"""`idp clients`: an operator registers applications of every kind, and looks after them."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from idp.oauth import clients
from idp.oauth.clients import ClientMetadata
from idp.oauth.commands import clients as commands
from tests.factories.oauth import SECRET, a_client
from tests.oauth.clients.registering import ask, registered
from tests.oauth.clients.signing import KEYS

REDIRECT = ("--redirect-uri", "https://app.example/cb")


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(commands, list(arguments))


def printed(result: Result) -> dict[str, str]:
    """What each line of the output names."""
    return dict(line.split(": ", 1) for line in result.output.splitlines())


def found(client_id: str) -> ClientMetadata:
    client = clients.find(client_id)
    assert client is not None
    return client.metadata


@pytest.fixture
def key_file(tmp_path: Path) -> str:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    return str(file)


def test_a_client_with_keys_is_registered_from_a_file(app: Flask, key_file: str) -> None:
    method = ("--auth-method", "private_key_jwt")
    made = run(
        app, "create", "--name", "A", "--client-id", "a", *REDIRECT, *method, "--jwks", key_file
    )
    assert made.exit_code == 0, made.output
    assert "it has keys of its own" in made.output
    assert found("a").jwks == KEYS


def test_every_member_has_an_option(app: Flask) -> None:
    made = run(
        app,
        *("create", "--name", "A", "--client-id", "a", *REDIRECT),
        *("--contact", "ops@app.example", "--contact", "dev@app.example"),
        *("--jwks-uri", "https://app.example/jwks", "--subject-type", "pairwise"),
        *(
            "--default-max-age",
            "600",
            "--require-auth-time",
            "--request-uri",
            "https://app.example/r",
        ),
        *("--backchannel-logout-uri", "https://app.example/out"),
    )
    assert made.exit_code == 0, made.output
    metadata = found("a")
    assert metadata.contacts == ("ops@app.example", "dev@app.example")
    assert (metadata.subject_type, metadata.default_max_age) == ("pairwise", 600)
    assert metadata.require_auth_time
    assert metadata.backchannel_logout_uri == "https://app.example/out"


def test_fapi_is_one_switch(app: Flask, key_file: str) -> None:
    made = run(
        app, "create", "--name", "A", "--client-id", "a", "--fapi", *REDIRECT, "--jwks", key_file
    )
    assert made.exit_code == 0, made.output
    metadata = found("a")
    assert metadata.fapi and metadata.dpop_bound_access_tokens
    assert metadata.require_pushed_authorization_requests
    assert metadata.token_endpoint_auth_method == "private_key_jwt"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "A", "--fapi", *REDIRECT), "(jwks)"),
        (("--name", "A", *REDIRECT, "--jwks-uri", "http://a.example/"), "(jwks_uri)"),
        (REDIRECT, "--name"),
        (("--name", "A", "--jwks", "setup.cfg"), "not JSON"),
        (
            ("--name", "A", *REDIRECT, "--sector-identifier-uri", "https://127.0.0.1/s"),
            "(sector_identifier_uri)",
        ),
    ],
)
def test_what_is_wrong_is_said_in_a_line_that_names_it(
    app: Flask, arguments: tuple[str, ...], said: str
) -> None:
    made = run(app, "create", *arguments)
    assert made.exit_code != 0
    assert said in made.output


def test_a_client_is_changed_member_by_member(app: Flask) -> None:
    client = a_client(tos_uri="https://app.example/tos")
    changed = run(
        app, "update", client.client_id, "--name", "Bills", "--policy-uri", "https://app.example/p"
    )
    assert changed.exit_code == 0 and "client_secret" not in changed.output, changed.output
    metadata = found(client.client_id)
    assert (metadata.client_name, metadata.policy_uri) == ("Bills", "https://app.example/p")
    assert metadata.tos_uri == "https://app.example/tos"
    run(app, "update", client.client_id, "--unset", "tos_uri")
    assert found(client.client_id).tos_uri == ""
    again = clients.find(client.client_id)
    assert again is not None and again.check_client_secret(SECRET)


def test_another_way_to_prove_itself_brings_another_secret(app: Flask) -> None:
    client = a_client()
    changed = run(app, "update", client.client_id, "--auth-method", "client_secret_jwt")
    assert "client_secret: " in changed.output
    assert run(app, "update", "unknown", "--name", "x").exit_code == 1
    assert run(app, "update", client.client_id, "--jwks-uri", "ftp://x/").exit_code == 1


def test_a_client_is_shown_without_its_secret(app: Flask) -> None:
    client = a_client(policy_uri="https://app.example/p")
    shown = run(app, "show", client.client_id)
    told = json.loads(shown.output)
    assert told["client_id"] == client.client_id
    assert told["policy_uri"] == "https://app.example/p"
    assert "secret" not in " ".join(told)
    assert run(app, "show", "unknown").exit_code == 1


def test_clients_are_listed(app: Flask) -> None:
    client, other = a_client(), a_client(client_name="Other")
    run(app, "disable", other.client_id)
    lines = run(app, "list").output.splitlines()
    assert f"{client.client_id}  client_secret_basic  in use  Segunda via" in lines
    assert f"{other.client_id}  client_secret_basic  disabled  Other" in lines


def test_applications_are_invited_and_no_longer(app: Flask, client: FlaskClient) -> None:
    made = run(
        app, "invite", "--note", "certification", "--uses", "3", "--resource", "https://api.example"
    )
    assert made.exit_code == 0, made.output
    said = printed(made)
    token = said["initial_access_token"]
    assert ask(client, token, resources=["https://api.example"]).status_code == 201
    assert run(app, "uninvite", said["invitation"]).exit_code == 0
    assert run(app, "uninvite", said["invitation"]).exit_code == 1
    assert ask(client, token).status_code == 401
    assert run(app, "invite", "--note", "x", "--scope", "NO").exit_code == 1


def test_old_clients_are_invited_on_easier_terms(app: Flask, client: FlaskClient) -> None:
    invited = run(app, "invite", "--note", "old", "--without-pkce", "--unsigned-requests")
    made = registered(client, printed(invited)["initial_access_token"])
    assert (made["require_pkce"], made["request_object_signing_alg"]) == (False, "none")
    ordinary = registered(client)
    assert (ordinary["require_pkce"], "request_object_signing_alg" in ordinary) == (True, False)
