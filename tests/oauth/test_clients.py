import os
import re
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from idp import clock
from idp.audit import SYSTEM
from idp.extensions import db
from idp.oauth import clients
from idp.oauth.clients import ClientMetadata
from idp.oauth.commands import clients as client_commands
from idp.oauth.errors import InvalidClientMetadata, InvalidRedirectUri
from idp.oauth.keys import ALGORITHMS
from idp.oauth.keys.commands import keys as key_commands
from idp.oauth.models import Client
from tests.conftest import make_app
from tests.factories.oauth import a_client, a_public_client
from tests.oauth import flow
from tests.refusals import refusal_of

GOOD = {"client_name": "Bills", "redirect_uris": ("https://app.example/cb",)}


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb?tenant=1",
        "http://localhost:8001/callback",
        "http://127.0.0.1/cb",
        "http://[::1]:9000/cb",
    ],
)
def test_https_and_loopback_can_be_registered(uri: str) -> None:
    assert refusal_of(ClientMetadata(client_name="Bills", redirect_uris=(uri,)).check) is None


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "app.example/cb",
        "http://app.example/cb",
        "https://app.example/cb#fragment",
        "https://app.example/cb#",
        "https://user:pass@app.example/cb",
        "https:///cb",
        "https://app.example/c b",
        "https://app.example/\x00",
        "https://*.app.example/",
        "https://app.example:port/",
        "https://аpp.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/cb",
        "https://app.example/" + "x" * 2000,
    ],
)
def test_other_addresses_cannot(uri: str) -> None:
    with pytest.raises(InvalidRedirectUri):
        ClientMetadata(client_name="Bills", redirect_uris=(uri,)).check()


def test_a_native_application_may_have_a_scheme_of_its_own_but_no_common_one() -> None:
    native: dict[str, Any] = {"client_name": "App", "application_type": "native"}
    ClientMetadata(**native, redirect_uris=("com.example.app:/cb",)).check()
    for uri in ("myapp:/cb", "com.example.app://host/cb", "javascript:/x"):
        with pytest.raises(InvalidRedirectUri):
            ClientMetadata(**native, redirect_uris=(uri,)).check()


@pytest.mark.parametrize(
    "changes",
    [
        {"client_name": ""},
        {"redirect_uris": ()},
        {"grant_types": ("password",)},
        {"grant_types": ("client_credentials",)},
        {"response_types": ("token",)},
        {"scope": "openid EVERYTHING"},
        {"token_endpoint_auth_method": "private_key_jwt"},
        {"application_type": "toaster"},
        {"id_token_signed_response_alg": "none"},
        {"id_token_signed_response_alg": "HS256"},
        {"token_endpoint_auth_method": "none", "introspect": True},
        {"token_endpoint_auth_method": "none", "require_pkce": False},
        {
            "token_endpoint_auth_method": "none",
            "grant_types": ("authorization_code", "client_credentials"),
        },
    ],
)
def test_a_registration_that_cannot_be_served_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidClientMetadata):
        ClientMetadata(**{**GOOD, **changes}).check()  # type: ignore[arg-type]


def test_an_id_that_could_be_a_subject_is_refused(app: Flask) -> None:
    for client_id in ("br:cpf:52998224725", "a b", "x" * 65, "é"):
        with pytest.raises(InvalidClientMetadata):
            clients.register(
                ClientMetadata(**GOOD),  # type: ignore[arg-type]
                by=SYSTEM,
                at=clock.now(),
                client_id=client_id,
            )


def test_a_secret_is_kept_as_a_hash_and_compared(app: Flask) -> None:
    client, secret = clients.register(ClientMetadata(**GOOD), by=SYSTEM, at=clock.now())  # type: ignore[arg-type]
    assert secret is not None
    assert len(secret) >= 43
    assert client.check_client_secret(secret)
    assert not client.check_client_secret(secret + "x")
    assert not client.check_client_secret("")
    row = db.session.scalars(db.select(Client)).one()
    assert secret not in repr([row.secret_hash, row.metadata_])


def test_metadata_of_a_later_version_is_read_as_far_as_it_is_known(app: Flask) -> None:
    client = a_client()
    row = db.session.get_one(Client, client.key)
    row.metadata_ = {**row.metadata_, "invented_later": True}
    db.session.commit()
    app.extensions["oauth_caches"].clear()
    assert clients.find(client.client_id) == client


def test_a_clients_own_token_and_the_documents_need_no_database(committed_app: Flask) -> None:
    browser = committed_app.test_client()
    with committed_app.app_context():
        application, engine = a_client(), db.engine
    paths = ("/oauth/jwks", "/.well-known/openid-configuration")
    flow.ask_token(browser, application, grant_type="client_credentials")
    assert committed_app.extensions["oauth_caches"].wait(10)
    flow.ask_token(browser, application, grant_type="client_credentials")
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "checkout", lambda *_: statements.append("checkout"))
    answer = flow.ask_token(browser, application, grant_type="client_credentials")
    assert [browser.get(path).status_code for path in paths] == [200, 200]
    assert answer.status_code == 200
    assert statements == []


def test_a_forked_process_listens_for_itself(committed_app: Flask) -> None:
    committed_app.test_client().get("/oauth/jwks")
    caches = committed_app.extensions["oauth_caches"]
    assert caches.wait(10)
    child = os.fork()
    if child == 0:
        before = caches.wait(0)
        caches.listen()
        os._exit(0 if caches.wait(10) and not before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_another_process_hears_of_a_change_within_a_second(committed_app: Flask) -> None:
    other = make_app(committed_app.config["DATABASE_URL"])
    with committed_app.app_context():
        application = a_public_client()
    with other.test_client() as browser:
        browser.get("/healthz")
    with other.app_context():
        assert clients.find(application.client_id) is not None
    assert other.extensions["oauth_caches"].wait(10)
    with committed_app.app_context():
        clients.disable(application.client_id, by=SYSTEM, at=clock.now())
        db.session.commit()
        assert clients.find(application.client_id) is None
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with other.app_context():
            if clients.find(application.client_id) is None:
                break
        time.sleep(0.05)
    else:
        raise AssertionError("the other process still knows the client")
    other.extensions["oauth_caches"].stop()
    with other.app_context():
        db.engine.dispose()


def test_the_command_prints_id_and_secret_once(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        client_commands,
        ["create", "--name", "Bills", "--redirect-uri", "https://app.example/cb", "--first-party"],
    )
    assert result.exit_code == 0, result.output
    client_id = re.search(r"client_id: (\S+)", result.output)
    secret = re.search(r"client_secret: (\S+)", result.output)
    assert client_id and secret
    client = clients.find(client_id[1])
    assert client is not None
    assert client.first_party
    assert client.check_client_secret(secret[1])


def test_the_command_registers_public_native_and_resource_servers(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    public = run(
        client_commands,
        ["create", "--name", "App", "--native", "--redirect-uri", "com.example.app:/cb"],
    )
    assert "the client is public" in public.output
    api = run(client_commands, ["create", "--name", "API", "--introspect", "--client-id", "api"])
    assert api.exit_code == 0, api.output
    found = clients.find("api")
    assert found is not None
    assert found.metadata.introspect
    assert not found.metadata.single_holder
    narrow = ["create", "--name", "Bills", "--redirect-uri", "https://bills.example/callback"]
    run(client_commands, [*narrow, "--single-holder", "--client-id", "bills"])
    bills = clients.find("bills")
    assert bills is not None and bills.metadata.single_holder
    assert found.metadata.grant_types == ("client_credentials",)


def test_the_command_says_what_is_wrong(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    result = run(client_commands, ["create", "--name", "x", "--redirect-uri", "http://x.example/"])
    assert result.exit_code == 1
    assert "invalid_redirect_uri" in result.output
    assert run(client_commands, ["disable", "unknown"]).exit_code == 1


def test_a_client_can_be_disabled_by_command(app: Flask) -> None:
    application = a_client()
    result = app.test_cli_runner().invoke(client_commands, ["disable", application.client_id])
    assert result.exit_code == 0
    assert clients.find(application.client_id) is None


def test_keys_are_rotated_by_command(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(key_commands, ["rotate"]).output.count("signs from") == len(ALGORITHMS)
    one = run(key_commands, ["rotate", "--algorithm", "ES256", "--now"])
    assert one.output.count("signs from") == 1
    assert "ES256" in one.output
