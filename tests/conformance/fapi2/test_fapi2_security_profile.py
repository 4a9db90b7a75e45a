"""FAPI 2.0 Security Profile, sections 5.3.2 (authorization server), 5.3.4 (resource server) and
5.4 (cryptography), for a client registered `fapi`."""

import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import Key
from werkzeug.test import TestResponse

from idp import clock
from idp.oauth.clients import ClientMetadata, RegisteredClient
from idp.oauth.dpop import nonces
from idp.oauth.errors import InvalidClientMetadata, InvalidRedirectUri
from tests.browsing import sign_in_as
from tests.factories.accounts import an_account
from tests.factories.oauth import REDIRECT_URI, a_client
from tests.oauth import flow, proving
from tests.oauth.clients.signing import (
    ED,
    KEY,
    RSA,
    as_nginx_says,
    claims_for,
    jwks,
    proof_of,
    self_signed,
    signed,
)
from tests.oauth.proving import a_key

PAR_ENDPOINT = f"{flow.ISSUER}/oauth/par"
FAPI: dict[str, Any] = {
    "fapi": True,
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks": jwks(KEY, RSA, ED),
    "require_pushed_authorization_requests": True,
    "dpop_bound_access_tokens": True,
    "id_token_signed_response_alg": "ES256",
    "authorization_signed_response_alg": "ES256",
}


class Application:
    """A client of the profile: it pushes its requests, and proves itself and its key each time."""

    def __init__(self, browser: FlaskClient, client: RegisteredClient, key: Key) -> None:
        self.browser, self.client, self.key = browser, client, key

    def proof(self, address: str, method: str = "POST", **changes: Any) -> str:
        nonce = nonces.current(clock.now())
        return proving.proof(self.key, method, address, **{"nonce": nonce, **changes})

    def post(self, address: str, form: dict[str, str], **changes: Any) -> TestResponse:
        """To one of our endpoints, with an assertion and a proof; `proof=None` leaves that out."""
        shown = changes.pop("proof", "") if "proof" in changes else self.proof(address)
        headers = {"DPoP": shown} if shown else {}
        data = {**proof_of(self.client, **changes), **form}
        path = address.removeprefix(flow.ISSUER)
        return self.browser.post(path, data=data, headers=headers)

    def push(self, **changes: str | None) -> TestResponse:
        return self.post(PAR_ENDPOINT, flow.request_for(self.client, **changes))

    def open(self, **changes: str | None) -> TestResponse:
        pushed = self.push(**changes)
        assert pushed.status_code == 201, pushed.text
        query = {"client_id": self.client.client_id, **pushed.get_json()}
        query.pop("expires_in")
        return self.browser.get("/oauth/authorize", query_string=query)

    def code(self) -> str:
        return flow.answered(self.open())["code"]

    def redeem(self, code: str, **changes: Any) -> TestResponse:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": flow.VERIFIER,
        }
        return self.post(proving.TOKEN_ENDPOINT, form, **changes)

    def own_token(self, **changes: Any) -> TestResponse:
        return self.post(proving.TOKEN_ENDPOINT, {"grant_type": "client_credentials"}, **changes)

    def refresh(self, token: str, **changes: Any) -> TestResponse:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return self.post(proving.TOKEN_ENDPOINT, form, **changes)


@pytest.fixture
def application(client: FlaskClient) -> Application:
    sign_in_as(client, an_account())
    return Application(client, a_client(first_party=True, **FAPI), a_key())


def error_of(response: TestResponse) -> str:
    return str(response.get_json()["error"])


def check(**changes: Any) -> None:
    values = {"client_name": "Bank", "redirect_uris": (REDIRECT_URI,), **FAPI, **changes}
    ClientMetadata(**values).check()


def test_the_whole_flow(application: Application) -> None:
    answer = application.redeem(application.code())
    assert answer.status_code == 200, answer.text
    token = answer.get_json()["access_token"]
    shown = application.proof(proving.USERINFO, "GET", ath=proving.ath(token))
    assert proving.userinfo(application.browser, token, shown).status_code == 200


def test_5_3_2_1_1_metadata_is_published(application: Application) -> None:
    for path in ("openid-configuration", "oauth-authorization-server"):
        assert application.browser.get(f"/.well-known/{path}").status_code == 200


def test_5_3_2_1_2_the_password_grant_is_refused(application: Application) -> None:
    form = {"grant_type": "password", "username": "maria", "password": "x"}
    refused = application.post(proving.TOKEN_ENDPOINT, form)
    assert error_of(refused) == "unsupported_grant_type"


@pytest.mark.parametrize(
    "method", ["none", "client_secret_basic", "client_secret_post", "client_secret_jwt"]
)
def test_5_3_2_1_3_and_6_only_confidential_clients_with_keys_or_certificates(method: str) -> None:
    check()
    with pytest.raises(InvalidClientMetadata):
        check(token_endpoint_auth_method=method)


def test_5_3_2_1_4_only_sender_constrained_tokens_are_issued(application: Application) -> None:
    token = application.redeem(application.code()).get_json()
    assert token["token_type"] == "DPoP"
    jkt = {"jkt": application.key.thumbprint()}
    assert flow.claims_of(token["access_token"])["cnf"] == jkt
    for refused in (
        application.redeem(application.code(), proof=None),
        application.own_token(proof=None),
        application.refresh(token["refresh_token"], proof=None),
    ):
        assert (refused.status_code, error_of(refused)) == (400, "invalid_dpop_proof")


def test_5_3_2_1_5_a_client_without_dpop_or_mtls_cannot_be_registered() -> None:
    with pytest.raises(InvalidClientMetadata):
        check(dpop_bound_access_tokens=False)
    check(dpop_bound_access_tokens=False, tls_client_certificate_bound_access_tokens=True)


def test_5_3_2_1_5_and_6_mutual_tls_does_as_well_as_keys_and_proofs(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "CLIENT_CERTIFICATE_HEADER", "X-Client-Certificate")
    certificate, keys = self_signed()
    method = {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": keys}
    bound = {
        "dpop_bound_access_tokens": False,
        "tls_client_certificate_bound_access_tokens": True,
    }
    application = a_client(**{**FAPI, **method, **bound})
    form = {"grant_type": "client_credentials", "client_id": application.client_id}
    shown = {"X-Client-Certificate": as_nginx_says(certificate)}
    answer = client.post("/oauth/token", data=form, headers=shown).get_json()
    assert set(flow.claims_of(answer["access_token"])["cnf"]) == {"x5t#S256"}
    assert client.post("/oauth/token", data=form).status_code == 401


def test_5_3_2_1_6_a_secret_is_no_proof_of_such_a_client(application: Application) -> None:
    refused = flow.ask_token(
        application.browser, application.client, grant_type="client_credentials"
    )
    assert (refused.status_code, error_of(refused)) == (401, "invalid_client")


@pytest.mark.parametrize(
    "uri", ["https://evil.example/", f"{REDIRECT_URI}/../x", "//evil.example", "javascript:x"]
)
def test_5_3_2_1_7_there_is_no_open_redirector(application: Application, uri: str) -> None:
    refused = application.push(redirect_uri=uri)
    assert (refused.status_code, error_of(refused)) == (400, "invalid_request")
    assert (
        "Location"
        not in flow.authorize(application.browser, application.client, redirect_uri=uri).headers
    )


@pytest.mark.parametrize(
    "audience",
    [[flow.ISSUER], proving.TOKEN_ENDPOINT, [flow.ISSUER, "https://x.example"], None, ""],
)
def test_5_3_2_1_8_an_assertion_is_for_our_issuer_as_a_string(
    application: Application, audience: Any
) -> None:
    assert application.own_token().status_code == 200
    assert error_of(application.own_token(aud=audience)) == "invalid_client"


def test_5_3_2_1_9_refresh_tokens_are_not_rotated(application: Application) -> None:
    first = application.redeem(application.code()).get_json()
    for _ in range(3):
        answer = application.refresh(first["refresh_token"])
        assert answer.status_code == 200
        assert answer.get_json().get("refresh_token") in (None, first["refresh_token"])


def test_5_3_2_1_10_a_nonce_of_ours_is_needed(application: Application) -> None:
    refused = application.own_token(proof=proving.proof(application.key))
    assert (refused.status_code, error_of(refused)) == (400, "use_dpop_nonce")
    again = proving.proof(application.key, nonce=refused.headers["DPoP-Nonce"])
    assert application.own_token(proof=again).status_code == 200


def test_5_3_2_1_11_a_code_is_good_for_a_minute_at_most(
    application: Application, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "AUTHORIZATION_CODE_SECONDS", 600)
    code = application.code()
    moved = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: moved)
    later = {"iat": int(moved.timestamp()), "exp": int(moved.timestamp()) + 30}
    assert error_of(application.redeem(code, **later)) == "invalid_grant"


def test_5_3_2_1_12_a_code_is_bound_to_the_key_that_pushed_its_request(
    application: Application,
) -> None:
    code = application.code()
    other = Application(application.browser, application.client, a_key())
    assert error_of(other.redeem(code)) == "invalid_grant"
    assert application.redeem(code).status_code == 200


@pytest.mark.parametrize("claim", ["iat", "nbf"])
def test_5_3_2_1_13_clocks_may_be_ahead_by_ten_seconds_and_not_by_more_than_sixty(
    application: Application, claim: str
) -> None:
    now = int(time.time())
    assert application.own_token(**{claim: now + 10}).status_code == 200
    assert error_of(application.own_token(**{claim: now + 65})) == "invalid_client"


def test_5_3_2_1_13_so_it_is_for_proofs(application: Application) -> None:
    now = int(time.time())
    for seconds, status in ((10, 200), (65, 400)):
        shown = application.proof(proving.TOKEN_ENDPOINT, iat=now + seconds)
        assert application.own_token(proof=shown).status_code == status


@pytest.mark.parametrize("response_type", ["token", "id_token", "code id_token", "code token"])
def test_5_3_2_2_1_the_response_type_is_code(application: Application, response_type: str) -> None:
    assert error_of(application.push(response_type=response_type)) == "unsupported_response_type"


def test_5_3_2_2_2_requests_may_be_pushed(application: Application) -> None:
    assert application.push().status_code == 201
    metadata = application.browser.get("/.well-known/oauth-authorization-server").get_json()
    assert metadata["pushed_authorization_request_endpoint"] == PAR_ENDPOINT


def test_5_3_2_2_3_requests_that_were_not_pushed_are_refused(application: Application) -> None:
    answer = flow.answered(flow.authorize(application.browser, application.client))
    assert answer["error"] == "invalid_request"
    request = signed({**flow.request_for(application.client), "iss": "x"}, KEY)
    query = {"client_id": application.client.client_id, "request": request}
    refused = application.browser.get("/oauth/authorize", query_string=query)
    assert refused.status_code == 400 or "error=" in refused.headers["Location"]


def test_5_3_2_2_4_nobody_pushes_without_proving_who_it_is(application: Application) -> None:
    form = flow.request_for(application.client)
    refused = application.browser.post("/oauth/par", data=form)
    assert (refused.status_code, error_of(refused)) == (401, "invalid_client")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
    ],
)
def test_5_3_2_2_5_pkce_with_s256_is_needed(
    application: Application, changes: dict[str, str | None]
) -> None:
    assert error_of(application.push(**changes)) == "invalid_request"
    with pytest.raises(InvalidClientMetadata):
        check(require_pkce=False)


def test_5_3_2_2_6_a_pushed_request_names_its_redirect_uri(application: Application) -> None:
    assert error_of(application.push(redirect_uri=None)) == "invalid_request"


def test_5_3_2_2_7_the_answer_names_its_issuer(application: Application) -> None:
    assert flow.answered(application.open())["iss"] == flow.ISSUER
    refused = flow.answered(flow.authorize(application.browser, application.client))
    assert refused["iss"] == flow.ISSUER


@pytest.mark.parametrize("uri", ["http://app.example/callback", "http://127.0.0.1/callback"])
def test_5_3_2_2_8_redirect_uris_are_https(uri: str) -> None:
    with pytest.raises((InvalidClientMetadata, InvalidRedirectUri)):
        check(redirect_uris=(uri,))


def test_5_3_2_2_9_a_code_is_refused_when_it_was_used(application: Application) -> None:
    code = application.code()
    answer = application.redeem(code).get_json()
    assert error_of(application.redeem(code)) == "invalid_grant"
    assert error_of(application.refresh(answer["refresh_token"])) == "invalid_grant"


def test_5_3_2_2_10_and_11_the_browser_is_redirected_by_303(application: Application) -> None:
    assert application.open().status_code == 303


def test_5_3_2_2_12_a_pushed_request_is_good_for_less_than_ten_minutes(
    application: Application,
) -> None:
    assert 0 < application.push().get_json()["expires_in"] < 600


def test_5_3_2_2_14_a_nonce_of_64_characters_comes_back(application: Application) -> None:
    nonce = "n" * 64
    code = flow.answered(application.open(nonce=nonce))["code"]
    answer = application.redeem(code).get_json()
    assert flow.claims_of(answer["id_token"])["nonce"] == nonce


def test_5_2_3_the_authorization_endpoint_is_not_open_to_scripts(application: Application) -> None:
    for method in ("GET", "OPTIONS"):
        answer = application.browser.open(
            "/oauth/authorize", method=method, headers={"Origin": "https://app.example"}
        )
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


def test_5_3_4_a_token_is_taken_from_the_header_alone_and_with_its_proof(
    application: Application,
) -> None:
    token = application.redeem(application.code()).get_json()["access_token"]
    assert flow.userinfo(application.browser, token).status_code == 401
    in_address = application.browser.get("/oauth/userinfo", query_string={"access_token": token})
    assert in_address.status_code == 401


@pytest.mark.parametrize("name", ["id_token_signed_response_alg", "request_object_signing_alg"])
def test_5_4_1_other_algorithms_cannot_be_registered(name: str) -> None:
    for algorithm in ("RS256", "HS256", "none"):
        with pytest.raises(InvalidClientMetadata):
            check(**{name: algorithm})


@pytest.mark.parametrize(
    ("key", "algorithm", "status"),
    [(KEY, "ES256", 200), (RSA, "PS256", 200), (ED, "EdDSA", 200), (RSA, "RS256", 401)],
)
def test_5_4_1_assertions_are_signed_by_ps256_es256_or_eddsa(
    application: Application, key: Key, algorithm: str, status: int
) -> None:
    assertion = signed(claims_for(application.client), key, algorithm)
    form = {"grant_type": "client_credentials", "client_assertion": assertion}
    assert application.post(proving.TOKEN_ENDPOINT, form).status_code == status


@pytest.mark.parametrize(
    ("algorithm", "status"), [("ES256", 200), ("PS256", 200), ("EdDSA", 200), ("RS256", 400)]
)
def test_5_4_1_so_are_proofs(application: Application, algorithm: str, status: int) -> None:
    application.key = a_key(algorithm)
    shown = application.proof(proving.TOKEN_ENDPOINT, algorithm=algorithm)
    assert application.own_token(proof=shown).status_code == status


@pytest.mark.parametrize(
    ("key", "algorithm", "is_taken"), [(KEY, "ES256", True), (RSA, "RS256", False)]
)
def test_5_4_1_so_are_request_objects(
    application: Application, key: Key, algorithm: str, is_taken: bool
) -> None:
    claims = {**flow.request_for(application.client), "iss": application.client.client_id}
    request = signed({**claims, "aud": flow.ISSUER, "exp": int(time.time()) + 60}, key, algorithm)
    form = {"client_id": application.client.client_id, "request": request}
    assert (application.post(PAR_ENDPOINT, form).status_code == 201) is is_taken


@pytest.mark.parametrize("left_out", ["iss", "aud"])
def test_5_4_1_they_say_whose_they_are_and_for_whom(
    application: Application, left_out: str
) -> None:
    said = {"iss": application.client.client_id, "aud": flow.ISSUER, "exp": int(time.time()) + 60}
    del said[left_out]
    request = signed({**flow.request_for(application.client), **said}, KEY)
    form = {"client_id": application.client.client_id, "request": request}
    refused = application.post(PAR_ENDPOINT, form)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_request_object")


def test_5_4_1_id_tokens_are_not_signed_by_rs256(application: Application) -> None:
    answer = application.redeem(application.code()).get_json()
    assert flow.header_of(answer["id_token"])["alg"] == "ES256"


def test_5_4_1_short_rsa_keys_cannot_be_registered() -> None:
    short = {"kty": "RSA", "e": "AQAB", "n": "x" * 171}
    with pytest.raises(InvalidClientMetadata):
        check(jwks={"keys": [short]})
