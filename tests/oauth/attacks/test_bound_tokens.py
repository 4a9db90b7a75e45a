"""Somebody has a token, a code or a proof of another, and not the key (RFC 9449 sections 2, 11)."""

import base64
import hmac
import json
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, Key
from werkzeug.test import TestResponse

from idp.oauth import clients
from idp.oauth.clients import RegisteredClient
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import a_client, a_public_client
from tests.oauth import flow, proving
from tests.oauth.proving import a_key, proof
from tests.together import in_browsers

OWN = {"grant_type": "client_credentials"}


@pytest.fixture
def key() -> Key:
    return a_key()


@pytest.fixture
def victim(client: FlaskClient) -> RegisteredClient:
    """A public application of somebody who is signed in."""
    sign_in_as(client, an_account())
    return a_public_client()


def error_of(response: TestResponse) -> str:
    return str(response.get_json()["error"])


def challenge_of(response: TestResponse) -> str:
    assert response.status_code == 401
    return str(response.headers["WWW-Authenticate"])


def test_a_proof_that_was_overheard_is_not_accepted_again(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    token = proving.tokens_for(client, victim, key)["access_token"]
    overheard = proof(key, "GET", proving.USERINFO, token=token)
    assert proving.userinfo(client, token, overheard).status_code == 200
    assert "invalid_dpop_proof" in challenge_of(proving.userinfo(client, token, overheard))


def test_of_many_that_show_one_proof_at_once_one_is_served(committed_app: Flask) -> None:
    with committed_app.app_context():
        application = a_client()
    shown = proof(a_key())

    def show(browser: FlaskClient) -> int:
        return proving.ask_token(browser, application, shown, **OWN).status_code

    assert sorted(in_browsers(committed_app, 6, show)) == [200, *[400] * 5]


def test_a_proof_counts_though_the_request_it_came_with_was_refused(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    shown = proof(key)
    assert proving.exchange(client, victim, "no such code", shown).status_code == 400
    code = flow.code_for(client, victim)
    assert error_of(proving.exchange(client, victim, code, shown)) == "invalid_dpop_proof"


def test_a_proof_for_another_method_address_or_token_opens_nothing(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    token, other = (proving.tokens_for(client, victim, key)["access_token"] for _ in range(2))
    for shown in (
        proof(key, "POST", proving.USERINFO, token=token),
        proof(key, "GET", proving.TOKEN_ENDPOINT, token=token),
        proof(key, "GET", f"{proving.USERINFO}/", token=token),
        proof(key, "GET", "https://evil.example/oauth/userinfo", token=token),
        proof(key, "GET", proving.USERINFO, token=other),
        proof(key, "GET", proving.USERINFO),
    ):
        refused = proving.userinfo(client, token, shown)
        assert "invalid_dpop_proof" in challenge_of(refused)


def test_a_proof_made_for_another_server_cannot_be_passed_on_under_its_name(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    token = proving.tokens_for(client, victim, key)["access_token"]
    relayed = proof(key, "GET", "http://evil.example/oauth/userinfo", token=token)
    headers = {"Authorization": f"DPoP {token}", "DPoP": relayed, "Host": "evil.example"}
    assert client.get("/oauth/userinfo", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "host", ["[", "localhost:8000/oauth/token?", "localhost:8000/oauth/token#", "//", "a@b"]
)
def test_a_host_header_does_not_change_which_address_a_proof_is_for(
    client: FlaskClient, victim: RegisteredClient, key: Key, host: str
) -> None:
    token = proving.tokens_for(client, victim, key)["access_token"]

    def ask(address: str) -> int:
        shown = proof(key, "GET", address, token=token)
        headers = {"Authorization": f"DPoP {token}", "DPoP": shown, "Host": host}
        return client.get("/oauth/userinfo", headers=headers).status_code

    assert ask(proving.TOKEN_ENDPOINT) == 401
    assert ask(proving.USERINFO) == 200


def test_a_stolen_token_is_worth_nothing_with_another_key(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    token = proving.tokens_for(client, victim, key)["access_token"]
    forged = proof(a_key(), "GET", proving.USERINFO, token=token)
    assert "invalid_token" in challenge_of(proving.userinfo(client, token, forged))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_stolen_token_is_worth_nothing_as_a_bearer_token(
    client: FlaskClient, victim: RegisteredClient, key: Key, scheme: str
) -> None:
    token = proving.tokens_for(client, victim, key)["access_token"]
    assert "invalid_token" in challenge_of(proving.userinfo(client, token, None, scheme))
    posted = client.post("/oauth/userinfo", data={"access_token": token})
    assert "invalid_token" in challenge_of(posted)


def test_a_code_that_was_injected_is_worth_nothing_with_another_key(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    code = flow.code_for(client, victim, dpop_jkt=key.thumbprint())
    for shown in (proof(a_key()), None):
        assert error_of(proving.exchange(client, victim, code, shown)) == "invalid_grant"
    assert proving.exchange(client, victim, code, proof(key)).status_code == 200


def test_a_refresh_token_in_two_places_serves_only_who_has_the_key(
    client: FlaskClient, victim: RegisteredClient, key: Key
) -> None:
    stolen = proving.tokens_for(client, victim, key, scope="openid offline_access")
    token = stolen["refresh_token"]
    thief = a_key()
    for shown in (proof(thief), None):
        assert error_of(proving.refresh(client, victim, token, shown)) == "invalid_grant"
    answer = proving.refresh(client, victim, token, proof(key))
    assert answer.status_code == 200, "a try with another key takes nothing from the owner"
    assert flow.claims_of(answer.get_json()["access_token"])["cnf"] == {"jkt": key.thumbprint()}


def test_a_refresh_token_used_by_two_keys_at_once_goes_to_the_right_one(
    committed_app: Flask,
) -> None:
    key, thief = a_key(), a_key()
    with committed_app.app_context():
        browser = committed_app.test_client()
        sign_in_as(browser, an_account())
        application = a_public_client()
        token = proving.tokens_for(browser, application, key)["refresh_token"]
    answers: dict[str, int] = {}

    def refresh(name: str, by: Key) -> None:
        browser = committed_app.test_client()
        response = proving.refresh(browser, application, token, proof(by))
        answers[name] = response.status_code

    threads = [
        threading.Thread(target=refresh, args=each) for each in (("owner", key), ("thief", thief))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"owner": 200, "thief": 400}


def unsigned(key: Key, algorithm: str) -> str:
    """A header and claims without a signature."""
    header = {"typ": "dpop+jwt", "alg": algorithm, "jwk": key.as_dict(private=False)}
    parts = (header, proving.claims("POST", proving.TOKEN_ENDPOINT))
    encoded = [base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=") for each in parts]
    return b".".join(encoded).decode()


def with_secret(key: Key, secret: bytes) -> str:
    signed = unsigned(key, "HS256")
    signature = base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), "sha256"))
    return f"{signed}.{signature.rstrip(b'=').decode()}"


FORGERIES: dict[str, Callable[[Key], str]] = {
    "none": lambda key: unsigned(key, "none") + ".",
    "None": lambda key: unsigned(key, "None") + ".",
    "no signature": lambda key: unsigned(key, "ES256") + ".",
    "public key as secret, in JSON": lambda key: with_secret(
        key, json.dumps(key.as_dict(private=False)).encode()
    ),
    "public key as secret, in PEM": lambda key: with_secret(
        key, ECKey.import_key(key.as_dict()).as_pem(private=False)
    ),
    "another key's signature": lambda key: proving.signed(
        proving.claims("POST", proving.TOKEN_ENDPOINT), key, by=a_key()
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_proof_that_nobody_signed_with_the_key_is_nowhere_believed(
    client: FlaskClient, victim: RegisteredClient, key: Key, name: str
) -> None:
    code = flow.code_for(client, victim, dpop_jkt=key.thumbprint())
    forged = FORGERIES[name](key)
    assert error_of(proving.exchange(client, victim, code, forged)) == "invalid_dpop_proof"


def test_who_has_a_token_cannot_have_it_bound_to_another_key_by_refreshing(
    client: FlaskClient, key: Key
) -> None:
    sign_in_as(client, an_account())
    application = a_client(dpop_bound_access_tokens=True)
    token = proving.tokens_for(client, application, key)["refresh_token"]
    stranger = a_client(dpop_bound_access_tokens=True)
    refused = proving.refresh(client, stranger, token, proof(a_key()))
    assert error_of(refused) == "invalid_grant"
    assert error_of(proving.refresh(client, application, token, None)) == "invalid_dpop_proof"


@pytest.mark.parametrize("grant_type", clients.GRANT_TYPES)
def test_no_grant_type_gives_a_client_of_bound_tokens_any_without_a_proof(
    client: FlaskClient, grant_type: str
) -> None:
    application = a_client(
        grant_types=clients.GRANT_TYPES,
        dpop_bound_access_tokens=True,
        backchannel_token_delivery_mode="poll",
    )
    form = {"grant_type": grant_type, "code": "x", "refresh_token": "x", "device_code": "x"}
    refused = proving.ask_token(client, application, None, **form, auth_req_id="x")
    assert (refused.status_code, error_of(refused)) == (400, "invalid_dpop_proof")
